import type { DenseDataset } from '../dataset/dataset.ts';
import type { LayerInfo } from '../engine/engine.ts';
import type { Activity, ConceptLists } from '../labelling/labeller.ts';
import { mergeParts, type Parts } from '../labelling/parts.ts';
import { addLabelCounts, emptyLabelCounts, type LabelCounts } from '../math/labels/label-counts.ts';
import type { Thresholds } from '../math/segmentation/threshold.ts';
import { mergeTopImages, type TopImages } from '../math/segmentation/top-images.ts';
import { activityOf } from './activity.ts';
import { inOrder, type ListedConcepts } from './concept-lists.ts';
import type { Work } from './left.ts';
import { needsActivity, needsConcepts } from './plan.ts';
import { passSequence } from './sequence.ts';
import type { SettledLayer } from './settle.ts';

/** The numbers of one layer at one tau. */
export interface LayerNumbers extends LabelCounts {
  layer: LayerInfo;
  tau: number;
  thresholds: Pick<Thresholds, 'values' | 'silent'>;
  parts: Parts;
  top: TopImages;
  /** Where methods need it. */
  activity: Activity | null;
  concepts: ConceptLists | null;
}

/** One layer's numbers at each tau, from all rounds and shards. @param rounds how many there were */
export async function numbersOf({ plan, left, signal }: Work, dense: DenseDataset, layer: number, rounds: number): Promise<LayerNumbers[]> {
  const info = plan.layers[layer];
  const counts = emptyLabelCounts(dense.concepts.length, dense.categories.length);
  const listed: ListedConcepts[] = [];
  let top: TopImages | undefined;
  const sums: Parts[] = []; // the first is added to: a process that has it already need not hold another
  const numbers = plan.taus.map((tau) => ({
    tau,
    thresholds: { values: new Float32Array(info.units), silent: new Uint8Array(info.units) },
  }));
  for (let round = 0; round < rounds; round++) {
    takeOver(numbers, await left.of<SettledLayer>({ step: 'THRESHOLDS', round, shard: 0 }, `settled/${layer}`));
    for (const shard of plan.shards.keys()) {
      signal?.throwIfAborted();
      if (round === 0) {
        const tops = await left.of<TopImages>({ step: 'PASS', round, shard }, `top/${layer}`);
        if (top) mergeTopImages(top, tops);
        top ??= tops;
        addLabelCounts(counts, await left.of<LabelCounts>({ step: 'TALLY', round, shard }, 'labels'));
        listed.push(...(await left.of<ListedConcepts[]>({ step: 'TALLY', round, shard }, 'concepts')));
      }
      for (const t of plan.taus.keys()) {
        const part = await left.of<Parts>({ step: 'TALLY', round, shard }, `parts/${layer}/${t}`);
        if (sums[t]) mergeParts(sums[t], part);
        else sums[t] = part;
      }
    }
  }
  const activity = needsActivity(plan) ? activityOf(await left.activity(layer), info.units) : null;
  const concepts = needsConcepts(plan) ? inOrder(listed, passSequence(plan.images)) : null;
  const common = { layer: info, ...counts, top: top as TopImages, activity, concepts };
  return numbers.map((one, t) => ({ ...one, ...common, parts: sums[t] }));
}

/** Writes the thresholds of the units that a round has settled into a layer's numbers, one entry a tau. */
function takeOver(ofTaus: readonly Pick<LayerNumbers, 'thresholds'>[], { thresholds, units }: SettledLayer): void {
  for (const [t, { values, silent }] of thresholds.entries()) {
    for (const k of units) {
      ofTaus[t].thresholds.values[k] = values[k];
      ofTaus[t].thresholds.silent[k] = silent[k];
    }
  }
}
