import { mergeParts, type Parts } from '../../labelling/parts.ts';
import { addTo } from '../../math/segmentation/tally.ts';
import { emptyTopImages, mergeTopImages, type TopImages } from '../../math/segmentation/top-images.ts';
import { findDissection, writeDissection } from '../../write/dissection.ts';
import { emptyNumbers, type LayerNumbers, takeOver } from '../dissect.ts';
import type { SettledLayer } from '../settle.ts';
import { subjectOf } from '../subject.ts';
import { labelsAtAnyTau, unitRecords } from '../unit-records.ts';
import type { ShardRun } from './run.ts';

/**
 * Adds up what the shards have left, layer by layer, and stores the dissections.
 *
 * @returns of all that were asked for
 */
export async function writeShards(run: ShardRun): Promise<number[]> {
  const { store, plan, signal } = run;
  const { broden } = await run.opened.dataset(signal);
  const pixels = new Float64Array(broden.concepts.length);
  for (const [shard] of plan.shards.entries()) addTo(pixels, await run.left({ step: 'TALLY', round: 0, shard }, 'pixels'));
  for (const [layer] of plan.layers.entries()) {
    const wanted = plan.wanted.filter((one) => one.layer === layer);
    const ofTaus = await numbersOf(run, layer, pixels, broden);
    const labels = labelsAtAnyTau(ofTaus, broden);
    for (const { tau, identity } of wanted) {
      signal.throwIfAborted();
      await writeDissection(store, { ...identity, units: unitRecords(ofTaus[tau], broden, labels) });
    }
  }
  const found = await Promise.all(plan.keys.map((key) => findDissection(store, key)));
  return found.flatMap((one) => (one ? [one.id] : []));
}

/** One layer's numbers at each tau, from all rounds and shards. */
async function numbersOf(
  { plan, step, left, signal }: ShardRun,
  layer: number,
  pixels: Float64Array,
  dataset: Parameters<typeof subjectOf>[1],
): Promise<LayerNumbers[]> {
  const { units, grid } = plan.layers[layer];
  const subject = subjectOf(plan.layers[layer], dataset);
  const top = emptyTopImages(units, grid.height * grid.width);
  const numbers = plan.taus.map((tau) => ({ ...emptyNumbers(plan.layers[layer], tau, subject, ['iou'], top), pixels }));
  for (let round = 0; round <= step.round; round++) {
    takeOver(numbers, await left<SettledLayer>({ step: 'THRESHOLDS', round, shard: 0 }, `settled/${layer}`));
    for (const [shard] of plan.shards.entries()) {
      signal.throwIfAborted();
      if (round === 0) mergeTopImages(top, await left<TopImages>({ step: 'PASS', round, shard }, `top/${layer}`));
      for (const [t, { parts }] of numbers.entries())
        mergeParts(parts, await left<Parts>({ step: 'TALLY', round, shard }, `tally/${layer}/${t}`));
    }
  }
  return numbers;
}
