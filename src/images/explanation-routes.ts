import { Router } from 'express';
import sharp from 'sharp';
import { DissectoryError } from '../../core/errors.ts';
import { parseExplanationId, rowOf } from '../../core/ids.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { type ExplainedImage, explainedImage, mapsOfUnits } from './explained-map.ts';
import { findImage } from './file.ts';
import { formatOf } from './formats.ts';
import { decodePicture, masked, sharpOf, within } from './masked.ts';
import { digest, numberOf, sendPicture } from './send-picture.ts';
import { renderSheet } from './sheet.ts';
import { MAX_SHEET_UNITS } from './urls.ts';

/** Of a mask's longer side: more would keep the server from other work. */
const MAX_SIDE = 1024;
/** Side of the square that a picture of a sheet fits in. */
const TILE = 176;

/** What a contact sheet says. */
export interface SheetWords {
  title: string;
  subtitle: string;
  /** Under the image itself. */
  imageCaption: string;
  /** Those that are shown. */
  units: { index: number; caption: string }[];
}

/** Finds the words of an explanation's sheet: which units it shows, and what they are called, the API knows. */
export type FindSheetWords = (
  explained: ExplainedImage,
  asked: { place: number; first: number; dataset: string | null },
) => Promise<SheetWords>;

/**
 * `/masks/PREDICTION/UNIT.png?width=W`, or `.webp`: an explained image, dark outside one unit's mask.
 * `/sheets/EXPLANATION.png?first=N&dataset=S`: the image and its top units' masks with labels and contributions. ETags
 * and errors as for images (routes.ts).
 */
export function explanationImageRoutes(prisma: PrismaClient, sheetWords: FindSheetWords): Router {
  const routes = Router();

  routes.get('/masks/:prediction/:unit.:format', async (request, response) => {
    const format = formatOf(request.params.format);
    const unit = unitOfPath(request.params.unit);
    const width = numberOf(request.query, 'width', MAX_SIDE);
    const explained = await explainedImage(prisma, rowOf('Prediction', request.params.prediction));
    const { image, dataset } = explained;
    const source = await findImage(prisma, dataset, image);
    const [map] = await mapsOfUnits(prisma, explained, [unit]);
    const longer = Math.min(Math.max(image.height, image.width), MAX_SIDE);
    const size = within(Math.min(longer, width === null ? longer : (width * Math.max(image.height, image.width)) / image.width), image);
    const identity = [source.version, size, map.grid, map.resize, map.threshold, map.silent, digest(Buffer.from(map.values.buffer))];
    const render = async () => sharpOf(masked(await decodePicture(await source.open(), size), map));
    await sendPicture(request, response, { format, identity, render });
  });

  routes.get('/sheets/:explanation.png', async (request, response) => {
    const id = parseExplanationId(request.params.explanation);
    if (!id) throw new DissectoryError('BAD_ID', 'A sheet is asked for by the id of an explanation: take its sheetUrl.');
    const first = numberOf(request.query, 'first', MAX_SHEET_UNITS) ?? 5;
    const dataset = typeof request.query.dataset === 'string' ? request.query.dataset : null;
    const explained = await explainedImage(prisma, id.prediction);
    const source = await findImage(prisma, explained.dataset, explained.image);
    const words = await sheetWords(explained, { place: id.place, first, dataset });
    const render = async () => {
      const maps = await mapsOfUnits(
        prisma,
        explained,
        words.units.map(({ index }) => index),
      );
      const picture = await decodePicture(await source.open(), within(TILE, explained.image));
      const units = maps.map((map, i) => ({ picture: masked(picture, map), caption: words.units[i].caption }));
      return sharp(await renderSheet({ ...words, tiles: [{ picture, caption: words.imageCaption }, ...units] }));
    };
    await sendPicture(request, response, { format: 'png', identity: [source.version, id, words], render });
  });

  return routes;
}

function unitOfPath(unit: string): number {
  if (/^\d{1,9}$/.test(unit)) return Number(unit);
  throw new DissectoryError('BAD_INPUT', 'A unit is a whole number from 0.');
}
