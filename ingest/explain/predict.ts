import { bestClass, headInputs, scoreOf } from '../../prisma/explanation.ts';
import { bytesToFloats } from '../../prisma/floats.ts';
import type { Store } from '../../prisma/store.ts';
import { type PredictionRecord, writePredictions } from '../write/predictions.ts';
import type { LinearHead } from './linear-head.ts';

/** An image, and the class that it is labelled with. */
export interface LabelledOne {
  id: number;
  className: string | null;
}

/** Features read at once. */
const AT_ONCE = 256;

/** Says of images whose features are stored what the head takes them for, and stores it. */
export async function predict(store: Store, head: LinearHead, images: readonly LabelledOne[]): Promise<PredictionRecord[]> {
  const { gridHeight, gridWidth } = head.layer;
  const places = new Map(head.classes.map(({ name }, index) => [name, index]));
  const records: PredictionRecord[] = [];
  for (let from = 0; from < images.length; from += AT_ONCE) {
    const some = images.slice(from, from + AT_ONCE);
    const ids = some.map(({ id }) => id);
    const sums = await readSums(store, head.layerId, ids);
    const predicted = some.map(({ id, className }): PredictionRecord => {
      const inputs = headInputs(head.kind, sums.get(id) as Float32Array, gridHeight * gridWidth);
      const scores = head.classes.map(({ weights, bias }) => scoreOf(weights, bias, inputs));
      const best = bestClass(scores);
      return { imageId: id, predicted: best, score: scores[best], trueClass: places.get(className ?? '') ?? null };
    });
    await writePredictions(store, head.id, predicted);
    records.push(...predicted);
  }
  return records;
}

/** Each unit's sum over space, by image. */
export async function readSums({ prisma }: Store, layerId: number, imageIds: readonly number[]): Promise<Map<number, Float32Array>> {
  const found = await prisma.feature.findMany({
    where: { layerId, imageId: { in: [...imageIds] } },
    select: { imageId: true, sums: true },
  });
  return new Map(found.map(({ imageId, sums }) => [imageId, bytesToFloats(sums)]));
}
