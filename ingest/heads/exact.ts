import { headInputs, scoreOf } from '../../core/explanation.ts';
import type { Store } from '../../store/store.ts';
import { type AblationTally, addImage, emptyAblation, withoutEachUnit } from '../math/linear/ablation-tally.ts';
import { readSums } from './features/read-sums.ts';
import type { LinearHead } from './linear-head.ts';
import type { TestedImage } from './tested-images.ts';

/** Zeroes each unit in the weighted sum that a linear head is. The images' features must be stored. */
export async function exactAblation(store: Store, head: LinearHead, tested: readonly TestedImage[]): Promise<AblationTally> {
  const weights = head.classes.map((one) => one.weights);
  const { gridHeight, gridWidth, unitCount } = head.layer;
  const tally = emptyAblation(weights.length, unitCount);
  const images = tested.map(({ image: { id }, truth }) => ({ id, truth }));
  for await (const { image, sums } of readSums(store, head.layerId, images)) {
    const inputs = headInputs(head.kind, sums, gridHeight * gridWidth);
    const before = head.classes.map((one) => scoreOf(one.weights, one.bias, inputs));
    addImage(tally, image.truth, before, withoutEachUnit(weights, inputs, before));
  }
  return tally;
}
