import type { Merged } from '../math/segmentation/merge.ts';
import type { TopImages } from '../math/segmentation/top-images.ts';
import { collectChunks, type PassedThrough } from './collect-chunks.ts';
import type { Work } from './left.ts';
import type { OneRunner } from './one-runner.ts';
import { needsActivity, SAFETIES, type StepOf } from './plan.ts';
import { passSequence } from './sequence.ts';
import type { SettledLayer } from './settle.ts';

/** Which pass it is. `layersAtOnce`: layers that one forward pass reads at most; absent: all. */
type PassOf = Omit<StepOf, 'step'> & { layersAtOnce?: number };

/**
 * Passes the images of a shard through the network, and leaves their candidates and, of each layer, `range/L`, marks
 * and minima, and `top/L`, the images on which units fire most.
 *
 * @throws BAD_IMAGE, BAD_ACTIVATIONS, the signal's reason
 */
export async function passShard(
  work: Work,
  through: PassedThrough,
  runners: Pick<OneRunner, 'of'>,
  { round, shard, layersAtOnce }: PassOf,
): Promise<void> {
  const { plan, left } = work;
  const { layers } = through;
  const atOnce = layersAtOnce ?? layers.length;
  const step: StepOf = { step: 'PASS', round, shard };
  const { from, to } = plan.shards[shard];
  const sequence = passSequence(plan.images).subarray(from, to);
  const marks = await firstMarks(work, step);
  for (let first = 0; first < layers.length; first += atOnce) {
    const group = layers.slice(first, first + atOnce);
    const chunks = await left.chunks(step, first);
    const passed = await collectChunks(
      {
        ...{ ...work, ...through, sequence, layers: group },
        withActivity: round === 0 && needsActivity(plan),
        runner: await runners.of(group),
        onImages: (images) => work.onImages(Math.floor((first * sequence.length + images * group.length) / layers.length)),
      },
      chunks,
      marks.slice(first, first + atOnce),
      shard === 0 ? SAFETIES[round] : Infinity,
    );
    await left.keepChunks(step, first, group.length, chunks);
    for (const [i, { top, ...range }] of passed.entries()) {
      await left.keep(step, `range/${first + i}`, range satisfies Merged);
      await left.keep(step, `top/${first + i}`, top satisfies TopImages);
    }
  }
}

/**
 * Those that the sample, shard 0, has put; for the sample itself every map of the open units is to be kept at first,
 * none of the others.
 */
async function firstMarks({ plan, left }: Work, { round, shard }: StepOf): Promise<Float32Array[]> {
  return Promise.all(
    plan.layers.map(async ({ units }, layer) => {
      if (shard > 0) return (await left.of<Merged>({ step: 'PASS', round, shard: 0 }, `range/${layer}`)).marks;
      const marks = new Float32Array(units).fill(round === 0 ? -Infinity : Infinity);
      if (round === 0) return marks;
      const { open } = await left.of<SettledLayer>({ step: 'THRESHOLDS', round: round - 1, shard: 0 }, `settled/${layer}`);
      for (const k of open) marks[k] = -Infinity;
      return marks;
    }),
  );
}
