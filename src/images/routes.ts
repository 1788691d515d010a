import { Router } from 'express';
import { DissectoryError } from '../../core/errors.ts';
import { rowOf } from '../../core/ids.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { activationPicture } from './activation.ts';
import { findImage } from './file.ts';
import { formatOf } from './formats.ts';
import { decodeWithin, masked, sharpOf } from './masked.ts';
import type { UnitMap } from './overlay.ts';
import { digest, numberOf, sendPicture } from './send-picture.ts';
import { findTopImage } from './top-image.ts';

const MAX_WIDTH = 4096;

/**
 * `/images/ID.png?width=W`: an image of a dataset, at most W pixels wide. `/overlays/UNIT/RANK.png?width=W`: a unit's
 * top image, dark outside the unit's mask. `/activations/UNIT/RANK.png?width=W`: the unit's activation there, in grey.
 * Each as `.webp` too. All answer 304 to an ETag that still holds without rendering anything; NOT_FOUND is a 404, a bad
 * id or width a 400.
 */
export function imageRoutes(prisma: PrismaClient): Router {
  const routes = Router();

  routes.get('/images/:id.:format', async (request, response) => {
    const format = formatOf(request.params.format);
    const image = await prisma.image.findUnique({ where: { id: rowOf('Image', request.params.id) }, include: { dataset: true } });
    if (!image) throw new DissectoryError('NOT_FOUND', 'This image no longer exists.');
    const width = numberOf(request.query, 'width', MAX_WIDTH);
    const source = await findImage(prisma, image.dataset, image);
    const render = async () => (await source.open()).resize({ width: width ?? undefined, withoutEnlargement: true });
    await sendPicture(request, response, { format, identity: [source.version, width], render });
  });

  routes.get('/overlays/:unit/:rank.:format', async (request, response) => {
    const format = formatOf(request.params.format);
    const { dataset, image, map } = await findTopImage(prisma, rowOf('Unit', request.params.unit), rankOf(request.params.rank));
    const width = numberOf(request.query, 'width', MAX_WIDTH);
    const source = await findImage(prisma, dataset, image);
    const render = async () => sharpOf(masked(await decodeWithin(await source.open(), width), map));
    await sendPicture(request, response, { format, identity: [source.version, width, ...identityOf(map)], render });
  });

  routes.get('/activations/:unit/:rank.:format', async (request, response) => {
    const format = formatOf(request.params.format);
    const { image, map, maxActivation } = await findTopImage(prisma, rowOf('Unit', request.params.unit), rankOf(request.params.rank));
    const size = atMost(numberOf(request.query, 'width', MAX_WIDTH), image);
    const render = async () => activationPicture(size, map, maxActivation);
    await sendPicture(request, response, { format, identity: ['activation', size, maxActivation, ...identityOf(map)], render });
  });

  return routes;
}

/** An image's own size, or in proportion as wide as `width` where that is less. */
function atMost(width: number | null, { height: fullHeight, width: fullWidth }: { height: number; width: number }) {
  if (width === null || width >= fullWidth) return { height: fullHeight, width: fullWidth };
  return { height: Math.max(1, Math.round((fullHeight * width) / fullWidth)), width };
}

const identityOf = (map: UnitMap): unknown[] => [map.grid, map.resize, map.threshold, map.silent, digest(Buffer.from(map.values.buffer))];

function rankOf(rank: string): number {
  if (/^[1-9]\d{0,8}$/.test(rank)) return Number(rank);
  throw new DissectoryError('BAD_INPUT', 'The rank of a top image is a whole number from 1.');
}
