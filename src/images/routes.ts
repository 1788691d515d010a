import { Router } from 'express';
import sharp from 'sharp';
import { DissectoryError } from '../../core/errors.ts';
import { rowOf } from '../../core/ids.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { findImage } from './file.ts';
import { darkenOutside } from './overlay.ts';
import { digest, numberOf, sendPng } from './send-png.ts';
import { findTopImage } from './top-image.ts';

const MAX_WIDTH = 4096;

/**
 * `/images/ID.png?width=W`: an image of a dataset, at most W pixels wide. `/overlays/UNIT/RANK.png`: a unit's top image, dark outside
 * the unit's mask. Both answer 304 to an ETag that still holds without rendering anything; NOT_FOUND is a 404, a bad id or width a 400.
 */
export function imageRoutes(prisma: PrismaClient): Router {
  const routes = Router();

  routes.get('/images/:id.png', async (request, response) => {
    const image = await prisma.image.findUnique({ where: { id: rowOf('Image', request.params.id) }, include: { dataset: true } });
    if (!image) throw new DissectoryError('NOT_FOUND', 'This image no longer exists.');
    const width = numberOf(request.query, 'width', MAX_WIDTH);
    const source = await findImage(prisma, image.dataset, image);
    await sendPng(request, response, [source.version, width], async () =>
      sharp(await source.open())
        .resize({ width: width ?? undefined, withoutEnlargement: true })
        .png()
        .toBuffer(),
    );
  });

  routes.get('/overlays/:unit/:rank.png', async (request, response) => {
    const { dataset, image, map } = await findTopImage(prisma, rowOf('Unit', request.params.unit), rankOf(request.params.rank));
    const source = await findImage(prisma, dataset, image);
    await sendPng(
      request,
      response,
      [source.version, map.grid, map.resize, map.threshold, map.silent, digest(Buffer.from(map.values.buffer))],
      async () => {
        const { data, info } = await sharp(await source.open())
          .toColourspace('srgb')
          .removeAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true });
        darkenOutside(data, info.height, info.width, map);
        return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
          .png()
          .toBuffer();
      },
    );
  });

  return routes;
}

function rankOf(rank: string): number {
  if (/^[1-9]\d{0,8}$/.test(rank)) return Number(rank);
  throw new DissectoryError('BAD_INPUT', 'The rank of a top image is a whole number from 1.');
}
