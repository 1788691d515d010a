import { Router } from 'express';
import { DissectoryError } from '../../core/errors.ts';
import { rowOf } from '../../core/ids.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { formatOf } from './formats.ts';
import { numberOf, sendPicture } from './send-picture.ts';
import { renderSprite } from './sprite.ts';
import { MAX_SPRITE, requireSize } from './sprite-size.ts';
import { findTopImages } from './top-image.ts';
import { spriteVersion } from './urls.ts';

/**
 * `/sprites/VERSION/UNIT,UNIT,....webp?images=N&side=S&masks=0`: the units' N top images, a row of S x S squares each,
 * dark outside their masks unless `masks` is 0. The version in the URLs that the API gives is that of all they show, so
 * that browsers keep them for ever.
 */
export function spriteRoutes(prisma: PrismaClient): Router {
  const routes = Router();

  routes.get('/sprites/:version/:units.:format', async (request, response) => {
    const format = formatOf(request.params.format);
    const ids = request.params.units.split(',');
    const images = numberOf(request.query, 'images', MAX_SPRITE.images) ?? 1;
    const side = numberOf(request.query, 'side', MAX_SPRITE.side) ?? 96;
    const masked = request.query.masks !== '0';
    requireSize(ids.length, images, side);
    const units = ids.map((id) => rowOf('Unit', id));
    const keys = await keysOf(prisma, units);
    const version = spriteVersion(keys);
    let complete = false;
    const render = async () => {
      const sprite = { units: await findTopImages(prisma, units, images), side, columns: images, masked };
      const rendered = await renderSprite(prisma, sprite);
      complete = rendered.complete;
      return rendered.picture;
    };
    const isFinal = () => complete && version === request.params.version;
    await sendPicture(request, response, { format, identity: [units, version, images, side, masked], render, isFinal });
  });

  return routes;
}

/** Of the dissection of each unit. Throws NOT_FOUND. */
async function keysOf(prisma: PrismaClient, units: readonly number[]): Promise<string[]> {
  const rows = await prisma.unit.findMany({
    where: { id: { in: [...units] } },
    select: { id: true, dissection: { select: { key: true } } },
  });
  const keys = new Map(rows.map(({ id, dissection }) => [id, dissection.key]));
  return units.map((unit) => {
    const key = keys.get(unit);
    if (key === undefined) throw new DissectoryError('NOT_FOUND', 'A unit of this sprite no longer exists.');
    return key;
  });
}
