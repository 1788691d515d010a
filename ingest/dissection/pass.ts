import type { DenseDataset } from '../dataset/dataset.ts';
import type { Network, Reading, Runner } from '../engine/engine.ts';
import type { Merged } from '../math/segmentation/merge.ts';
import type { TopImages } from '../math/segmentation/top-images.ts';
import { collectChunks } from './collect-chunks.ts';
import type { Work } from './left.ts';
import { chunkSizeOf, SAFETIES, type StepOf } from './plan.ts';
import { passSequence } from './sequence.ts';
import type { SettledLayer } from './settle.ts';

/** What images are passed through. */
export interface PassedThrough {
  broden: DenseDataset;
  network: Network;
  /** Those of the plan, as the network has them. */
  layers: readonly Reading[];
  /** Gives some of the layers. */
  runner(layers: readonly Reading[]): Promise<Runner>;
  batchSize: number;
  /** Layers that one forward pass reads at most; absent: all. */
  layersAtOnce?: number;
}

/**
 * Passes the images of a shard through the network, and leaves their candidates and, of each layer, `range/L`, marks and minima, and `top/L`, the
 * images on which units fire most.
 *
 * @throws BAD_IMAGE, BAD_ACTIVATIONS, the signal's reason
 */
export async function passShard(work: Work, through: PassedThrough, round: number, shard: number): Promise<void> {
  const { plan, left } = work;
  const { layers, layersAtOnce = layers.length } = through;
  const step: StepOf = { step: 'PASS', round, shard };
  const { from, to } = plan.shards[shard];
  const sequence = passSequence(plan.images).subarray(from, to);
  const marks = await firstMarks(work, step);
  for (let first = 0; first < layers.length; first += layersAtOnce) {
    const group = layers.slice(first, first + layersAtOnce);
    const chunks = await left.chunks(step, first);
    const passed = await collectChunks(
      {
        ...through,
        runner: await through.runner(group),
        layers: group,
        resize: plan.resize,
        sequence,
        chunkSize: chunkSizeOf(plan.images),
        tau: Math.max(...plan.taus),
        signal: work.signal,
        onProgress: (images) => work.onImages(Math.floor((first * sequence.length + images * group.length) / layers.length)),
      },
      chunks,
      marks.slice(first, first + layersAtOnce),
      shard === 0 ? SAFETIES[round] : Infinity,
    );
    await left.keepChunks(step, first, group.length, chunks);
    for (const [i, { top, ...range }] of passed.entries()) {
      await left.keep(step, `range/${first + i}`, range satisfies Merged);
      await left.keep(step, `top/${first + i}`, top satisfies TopImages);
    }
  }
}

/** Those that the sample, shard 0, has put; for the sample itself every map of the open units is to be kept at first, none of the others. */
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
