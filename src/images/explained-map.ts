import { DissectoryError } from '../../core/errors.ts';
import { bytesToFloats } from '../../core/floats.ts';
import {
  type Dataset,
  type Image,
  type Layer,
  type Model,
  type Prediction,
  Prisma,
  type PrismaClient,
} from '../../prisma/generated/client.ts';
import type { UnitMap } from './overlay.ts';
import { withOwnThreshold } from './own-threshold.ts';

/** An explained image, and the layer whose units explain it. */
export interface ExplainedImage {
  prediction: Prediction;
  image: Image;
  dataset: Dataset;
  layer: Layer;
  model: Model;
}

/** Throws NOT_FOUND. */
export async function explainedImage(prisma: PrismaClient, id: number): Promise<ExplainedImage> {
  const found = await prisma.prediction.findUnique({
    where: { id },
    include: { image: { include: { dataset: true } }, head: { include: { layer: { include: { model: true } } } } },
  });
  if (!found) throw new DissectoryError('NOT_FOUND', 'This prediction no longer exists.');
  const { image, head, ...prediction } = found;
  return { prediction, image, dataset: image.dataset, layer: head.layer, model: head.layer.model };
}

/**
 * The maps of some units on an image, with the thresholds of their masks there.
 *
 * @throws NOT_FOUND where the layer has no such unit, or no maps of this image are stored
 */
export async function mapsOfUnits(
  prisma: PrismaClient,
  { image, layer, model }: Omit<ExplainedImage, 'prediction'>,
  units: readonly number[],
): Promise<UnitMap[]> {
  const bytes = 4 * layer.gridHeight * layer.gridWidth;
  const unknown = units.find((unit) => unit >= layer.unitCount);
  if (unknown !== undefined)
    throw new DissectoryError('NOT_FOUND', `Layer ${layer.name} has units 0 to ${layer.unitCount - 1}, not ${unknown}.`);
  const rows = await prisma.$queryRaw<{ map: Uint8Array | null }[]>(Prisma.sql`
    SELECT substring(f.maps FROM u.unit * ${bytes}::int + 1 FOR ${bytes}::int) AS map
    FROM features f, unnest(${units}::int[]) WITH ORDINALITY AS u(unit, place)
    WHERE f.layer_id = ${layer.id} AND f.image_id = ${image.id} ORDER BY u.place`);
  const [, inputHeight, inputWidth] = model.inputShape;
  const grid = { ...layer, height: layer.gridHeight, width: layer.gridWidth };
  return units.map((_, place) => {
    const map = rows.at(place)?.map;
    if (!map)
      throw new DissectoryError(
        'NOT_FOUND',
        'The maps of this image are not stored: have it explained (the explain mutation, or `dissectory explain`).',
      );
    return withOwnThreshold({ values: bytesToFloats(map), grid, inputHeight, inputWidth, resize: model.resize }, image);
  });
}
