import { bestClass, headInputs, scoreOf } from '../../core/explanation.ts';
import type { Store } from '../../store/store.ts';
import { type PredictionRecord, writePredictions } from '../write/predictions.ts';
import { readSums } from './features/read-sums.ts';
import type { LinearHead } from './linear-head.ts';

/** An image, and the class that it is labelled with. */
export interface LabelledOne {
  id: number;
  className: string | null;
}

/** Says of images whose features are stored what the head takes them for, and stores it. */
export async function predict(store: Store, head: LinearHead, images: readonly LabelledOne[]): Promise<PredictionRecord[]> {
  const { gridHeight, gridWidth } = head.layer;
  const places = new Map(head.classes.map(({ name }, index) => [name, index]));
  const records: PredictionRecord[] = [];
  for await (const { image, sums } of readSums(store, head.layerId, images)) {
    const inputs = headInputs(head.kind, sums, gridHeight * gridWidth);
    const scores = head.classes.map(({ weights, bias }) => scoreOf(weights, bias, inputs));
    const best = bestClass(scores);
    records.push({ imageId: image.id, predicted: best, score: scores[best], trueClass: places.get(image.className ?? '') ?? null });
  }
  await writePredictions(store, head.id, records);
  return records;
}
