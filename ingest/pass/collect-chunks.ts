import type { Resize } from '../../prisma/generated/enums.ts';
import type { Broden } from '../dataset/broden.ts';
import { readPlacedImage } from '../dataset/placed-image.ts';
import { type Collected, collector } from '../dissect/collect.ts';
import { emptyMerged, type Merged, mergeInto } from '../dissect/merge.ts';
import { startSample } from '../dissect/sample.ts';
import { emptyTopImages, type TopImages } from '../dissect/top-images.ts';
import type { LayerInfo, Network, Reading, Runner } from '../engine/engine.ts';
import { decodedBatches } from './batches.ts';
import type { ChunkStore } from './chunks.ts';

const BATCHES_AHEAD = 2;
export interface PassOptions {
  broden: Broden;
  network: Network;
  runner: Runner;
  /** Those that the runner was started with. */
  layers: readonly Reading[];
  resize: Resize;
  sequence: Uint32Array;
  chunkSize: number;
  batchSize: number;
  /** The largest tau that will be asked of the candidates. */
  tau: number;
  /** Looked at before each chunk: what is complete by then stays, and is where the next run goes on. */
  signal?: AbortSignal;
  /** Images passed so far, of all. */
  onProgress(images: number): void;
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
  const { layers, sequence, chunkSize } = options;
  const merged = layers.map(({ units }) => emptyMerged(units));
  const begin = (layer: number, marks: Float32Array) => startSample(cellsOf(layers[layer]), marks, options.tau, safety);
  let samples = layers.map((_, layer) => begin(layer, startMarks[layer]));
  let tops = layers.map((layer) => emptyTopImages(layer.units, layer.rotation ? 0 : cellsOf(layer)));
  const count = Math.ceil(sequence.length / chunkSize);

  for (let chunk = 0; chunk < count; chunk++) {
    const from = chunk * chunkSize;
    const to = Math.min(from + chunkSize, sequence.length);
    let collected: Collected[];
    if (chunks.has(chunk)) {
      collected = await Promise.all(layers.map((_, layer) => chunks.get(chunk, layer)));
      samples = collected.map(({ marks }, layer) => begin(layer, marks));
      if (!chunks.has(chunk + 1)) tops = await chunks.tops(chunk, layers.length);
    } else {
      options.signal?.throwIfAborted();
      const collectors = layers.map(({ grid }, layer) => collector(grid, samples[layer], tops[layer], merged[layer].minima));
      await pass(options, from, to, async (images, activations) => {
        for (const [layer, one] of collectors.entries()) await one.add({ images, activations: activations[layer] });
      });
      collected = collectors.map((one) => one.finish());
      await chunks.put(chunk, collected, tops);
    }
    for (const [layer, one] of collected.entries()) mergeInto(merged[layer], one);
    options.onProgress(to);
  }
  return merged.map((one, layer) => ({ ...one, top: tops[layer] }));
}

const cellsOf = ({ grid }: LayerInfo) => grid.height * grid.width;

/** Runs images `from` to `to` of the sequence; `take` works on a batch while the engine runs the next. */
async function pass(
  { broden, network, runner, resize, sequence, batchSize, onProgress }: PassOptions,
  from: number,
  to: number,
  take: (images: number[], activations: Float32Array[]) => Promise<void>,
): Promise<void> {
  const input = { height: network.inputHeight, width: network.inputWidth };
  const read = (image: number) => readPlacedImage(broden.root, broden.rows[image], input, resize);
  let seen = from;
  let taking: Promise<void> = Promise.resolve();
  for await (const { images, pixels } of decodedBatches(sequence.subarray(from, to), batchSize, BATCHES_AHEAD, read)) {
    const running = runner.run(pixels, images.length);
    running.catch(() => {}); // reported where it is awaited
    await taking;
    const activations = await running;
    taking = Promise.resolve().then(() => take(images, activations));
    taking.catch(() => {}); // likewise
    seen += images.length;
    onProgress(seen);
  }
  await taking;
}
