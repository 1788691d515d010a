import type { Broden } from '../dataset/broden.ts';
import { readImage } from '../dataset/image.ts';
import { type Collected, type Collector, collector } from '../dissect/collect.ts';
import type { LayerInfo, Network, Runner } from '../engine/engine.ts';
import { decodedBatches, type PixelBatch } from './batches.ts';
import type { ChunkStore } from './chunks.ts';

/** Marks are raised whenever twice as many images have been seen, from the first to the last of these numbers. */
const FIRST_SAMPLE = 64;
const LAST_SAMPLE = 2048;
const BATCHES_AHEAD = 2;

export interface PassOptions {
  broden: Broden;
  network: Network;
  runner: Runner;
  /** Those that the runner was started with. */
  layers: readonly LayerInfo[];
  sequence: Uint32Array;
  chunkSize: number;
  batchSize: number;
  /** The largest tau that will be asked of the candidates. */
  tau: number;
  /** Images passed so far, of all. */
  onProgress(images: number): void;
}

/**
 * Passes every image that no stored chunk covers through the network once, and stores what each chunk leaves.
 *
 * @param startMarks one array a layer: -Infinity for units to be kept, Infinity for units that do not matter
 * @param safety how much further below the expected threshold marks are put; Infinity keeps every map
 * @throws BAD_IMAGE, BAD_ACTIVATIONS
 */
export async function collectChunks(
  options: PassOptions,
  chunks: ChunkStore,
  startMarks: readonly Float32Array[],
  safety: number,
): Promise<void> {
  const { layers, sequence, chunkSize } = options;
  let marks = startMarks;
  const minima = layers.map(({ units }) => new Float32Array(units).fill(Infinity));
  const done: number[] = [];

  for (let chunk = 0; chunk * chunkSize < sequence.length; chunk++) {
    const from = chunk * chunkSize;
    const to = Math.min(from + chunkSize, sequence.length);
    let collected: Collected[];
    if (chunks.has(chunk)) {
      collected = await Promise.all(layers.map((_, layer) => chunks.get(chunk, layer)));
    } else {
      const collectors = layers.map(({ grid }, layer) => collector(grid, marks[layer]));
      const earlier = (layer: number) =>
        async function* () {
          for (const chunk of done) yield (await chunks.get(chunk, layer)).candidates;
        };
      let refineAt = Math.max(FIRST_SAMPLE, 2 ** Math.ceil(Math.log2(from + 1)));
      await pass(options, from, to, async (batch, activations, seen) => {
        for (const [layer, one] of collectors.entries()) one.add({ images: batch.images, activations: activations[layer] });
        if (seen < refineAt || seen > LAST_SAMPLE) return;
        for (const [layer, one] of collectors.entries()) await one.refine(earlier(layer), minima[layer], seen, options.tau, safety);
        refineAt *= 2;
      });
      collected = collectors.map((one: Collector) => one.finish());
      await chunks.put(chunk, collected);
    }
    marks = collected.map((one) => one.marks);
    for (const [layer, one] of collected.entries()) lower(minima[layer], one.minima);
    done.push(chunk);
    options.onProgress(to);
  }
}

function lower(minima: Float32Array, other: Float32Array): void {
  for (let k = 0; k < minima.length; k++) minima[k] = Math.min(minima[k], other[k]);
}

/** Runs images `from` to `to` of the sequence; `take` works on a batch while the engine runs the next. */
async function pass(
  { broden, network, runner, sequence, batchSize, onProgress }: PassOptions,
  from: number,
  to: number,
  take: (batch: PixelBatch, activations: Float32Array[], seen: number) => Promise<void>,
): Promise<void> {
  const read = (image: number) => readImage(broden.root, broden.rows[image], network.inputHeight, network.inputWidth);
  let seen = from;
  let taking: Promise<void> = Promise.resolve();
  for await (const batch of decodedBatches(sequence.subarray(from, to), batchSize, BATCHES_AHEAD, read)) {
    const running = runner.run(batch.pixels, batch.images.length);
    running.catch(() => {}); // reported where it is awaited
    await taking;
    const activations = await running;
    seen += batch.images.length;
    const count = seen;
    taking = Promise.resolve().then(() => take(batch, activations, count));
    taking.catch(() => {});
    onProgress(seen);
  }
  await taking;
}
