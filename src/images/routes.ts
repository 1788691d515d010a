import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import sharp from 'sharp';
import { DissectoryError } from '../../prisma/errors.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { rowOf } from '../ids.ts';
import { findImage } from './file.ts';
import { darkenOutside } from './overlay.ts';
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
    const width = widthOf(request.query.width);
    const file = await findImage(image.dataset, image);
    await sendPng(request, response, [file.version, width], () =>
      sharp(file.path)
        .resize({ width: width ?? undefined, withoutEnlargement: true })
        .png()
        .toBuffer(),
    );
  });

  routes.get('/overlays/:unit/:rank.png', async (request, response) => {
    const { dataset, image, map } = await findTopImage(prisma, rowOf('Unit', request.params.unit), rankOf(request.params.rank));
    const file = await findImage(dataset, image);
    await sendPng(
      request,
      response,
      [file.version, map.grid, map.resize, map.threshold, map.silent, digest(Buffer.from(map.values.buffer))],
      async () => {
        const { data, info } = await sharp(file.path).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
        darkenOutside(data, info.height, info.width, map);
        return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
          .png()
          .toBuffer();
      },
    );
  });

  return routes;
}

/** Sends what `render` gives, or 304 without rendering; `identity` is all that the picture depends on. */
async function sendPng(request: Request, response: Response, identity: unknown[], render: () => Promise<Buffer>): Promise<void> {
  const etag = `"${digest(JSON.stringify([...identity, sharp.versions]))}"`;
  response.set({ ETag: etag, 'Cache-Control': 'public, max-age=3600' });
  if (isHeld(request.get('if-none-match') ?? '', etag)) response.status(304).end();
  else response.type('png').send(await render());
}

/** Not Express's `fresh`: that ignores the ETag under Cache-Control: no-cache, which fetch adds to every conditional request. */
const isHeld = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((held) => ['*', etag].includes(held.trim().replace(/^W\//, '')));

const digest = (data: string | Buffer): string => createHash('sha256').update(data).digest('base64url');

function widthOf(width: unknown): number | null {
  if (width === undefined) return null;
  if (typeof width === 'string' && /^\d+$/.test(width) && Number(width) >= 1 && Number(width) <= MAX_WIDTH) return Number(width);
  throw new DissectoryError('BAD_INPUT', `width must be a whole number from 1 to ${MAX_WIDTH}.`);
}

function rankOf(rank: string): number {
  if (/^[1-9]\d{0,8}$/.test(rank)) return Number(rank);
  throw new DissectoryError('BAD_INPUT', 'The rank of a top image is a whole number from 1.');
}
