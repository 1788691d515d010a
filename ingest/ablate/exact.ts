import { headInputs, scoreOf } from '../../prisma/explanation.ts';
import type { Store } from '../../prisma/store.ts';
import type { LinearHead } from '../explain/linear-head.ts';
import { readSums } from '../explain/predict.ts';
import { type AblationTally, addImage, emptyAblation, withoutEachUnit } from '../linear/ablation-tally.ts';
import type { TestedImage } from './tested-images.ts';

/** Features read at once. */
const AT_ONCE = 256;

/** Zeroes each unit in the weighted sum that a linear head is. The images' features must be stored. */
export async function exactAblation(store: Store, head: LinearHead, tested: readonly TestedImage[]): Promise<AblationTally> {
  const weights = head.classes.map((one) => one.weights);
  const { gridHeight, gridWidth, unitCount } = head.layer;
  const tally = emptyAblation(weights.length, unitCount);
  for (let from = 0; from < tested.length; from += AT_ONCE) {
    const some = tested.slice(from, from + AT_ONCE);
    const ids = some.map(({ image }) => image.id);
    const sums = await readSums(store, head.layerId, ids);
    for (const { image, truth } of some) {
      const inputs = headInputs(head.kind, sums.get(image.id) as Float32Array, gridHeight * gridWidth);
      const before = head.classes.map((one) => scoreOf(one.weights, one.bias, inputs));
      addImage(tally, truth, before, withoutEachUnit(weights, inputs, before));
    }
  }
  return tally;
}
