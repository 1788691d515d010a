import type { DenseDataset } from '../dataset/dataset.ts';
import { readPlacedImage } from '../dataset/placed-image.ts';
import type { LayerInfo, Network, Reading, Runner } from '../engine/engine.ts';
import { type Collected, type Collector, collector } from '../math/segmentation/collect.ts';
import { emptyMerged, type Merged, mergeInto } from '../math/segmentation/merge.ts';
import { startSample } from '../math/segmentation/sample.ts';
import { emptyTopImages, type TopImages } from '../math/segmentation/top-images.ts';
import { decodedBatches, inBatches } from './batches.ts';
import type { ChunkStore } from './chunks.ts';
import type { Work } from './left.ts';
import { chunkSizeOf, type DissectionPlan } from './plan.ts';

const BATCHES_AHEAD = 2;

/** What images are passed through. */
export interface PassedThrough {
  dense: DenseDataset;
  network: Network;
  layers: readonly Reading[];
  batchSize: number;
}

interface PassOptions extends PassedThrough, Pick<Work, 'signal' | 'onImages'> {
  plan: DissectionPlan;
  /** Started with the layers. */
  runner: Runner;
  /** The images to be passed: whole chunks. */
  sequence: Uint32Array;
  withActivity: boolean;
}

/** What a pass knows of a layer when it is over, beside the chunks. */
export interface PassedLayer extends Merged {
  top: TopImages;
}

/**
 * Passes every image that no stored chunk covers through the network once, and stores what each chunk leaves.
 *
 * @param startMarks one array a layer: -Infinity for units to be kept, Infinity for units that do not matter
 * @param safety how much further below the expected threshold marks are put; Infinity keeps every map
 * @throws BAD_IMAGE, BAD_ACTIVATIONS, the signal's reason
 */
export async function collectChunks(
  options: PassOptions,
  chunks: ChunkStore,
  startMarks: readonly Float32Array[],
  safety: number,
): Promise<PassedLayer[]> {
  const { plan, layers, sequence, onImages } = options;
  const chunkSize = chunkSizeOf(plan.images);
  const tau = Math.max(...plan.taus);
  const merged = layers.map(({ units }) => emptyMerged(units));
  const begin = (layer: number, marks: Float32Array) => startSample(cellsOf(layers[layer]), marks, tau, safety);
  let samples = layers.map((_, layer) => begin(layer, startMarks[layer]));
  let tops = layers.map((layer) => emptyTopImages(layer.units, layer.rotation ? 0 : cellsOf(layer)));
  const merge = (collected: readonly Collected[]) => {
    for (const [layer, one] of collected.entries()) mergeInto(merged[layer], one);
  };

  let chunk = 0;
  for (; chunk * chunkSize < sequence.length && chunks.has(chunk); chunk++) {
    const stored = await Promise.all(layers.map((_, layer) => chunks.get(chunk, layer)));
    samples = stored.map(({ marks }, layer) => begin(layer, marks));
    if (!chunks.has(chunk + 1)) tops = await chunks.tops(chunk, layers.length);
    merge(stored);
    onImages(Math.min((chunk + 1) * chunkSize, sequence.length));
  }

  let collectors: Collector[] = [];
  const endChunk = async () => {
    const collected = collectors.map((one) => one.finish());
    await chunks.put(chunk++, collected, tops);
    merge(collected);
  };
  let position = chunk * chunkSize;
  let taking: Promise<void> = Promise.resolve();
  for await (const { images, running } of runBatches(options, chunk)) {
    // From here on the engine is at this batch: what the one before has left is taken meanwhile, and the chunk that
    // ended with it stored
    await taking;
    if (position % chunkSize === 0) {
      if (collectors.length > 0) await endChunk();
      options.signal?.throwIfAborted();
      collectors = layers.map(({ grid }, layer) =>
        collector(grid, samples[layer], tops[layer], merged[layer].minima, options.withActivity),
      );
    }
    const activations = await running;
    taking = Promise.resolve().then(async () => {
      for (const [layer, one] of collectors.entries()) await one.add({ images, activations: activations[layer] });
    });
    taking.catch(() => {}); // reported where it is awaited
    position += images.length;
    onImages(position);
  }
  await taking;
  if (collectors.length > 0) await endChunk();
  return merged.map((one, layer) => ({ ...one, top: tops[layer] }));
}

const cellsOf = ({ grid }: LayerInfo) => grid.height * grid.width;

/**
 * Starts the engine on one batch after the other, of the chunks from `first` on; no batch holds images of two chunks.
 */
async function* runBatches(
  { plan, dense, network, runner, sequence, batchSize }: PassOptions,
  first: number,
): AsyncGenerator<{ images: number[]; running: Promise<Float32Array[]> }> {
  const chunkSize = chunkSizeOf(plan.images);
  const input = { height: network.inputHeight, width: network.inputWidth };
  const read = (image: number) => readPlacedImage(dense, dense.rows[image], input, plan.resize);
  const batches: Uint32Array[] = [];
  for (let from = first * chunkSize; from < sequence.length; from += chunkSize) {
    batches.push(...inBatches(sequence.subarray(from, from + chunkSize), batchSize));
  }
  for await (const { images, pixels } of decodedBatches(batches, BATCHES_AHEAD, read)) {
    const running = runner.run(pixels, images.length);
    running.catch(() => {}); // reported where it is awaited
    yield { images, running };
  }
}
