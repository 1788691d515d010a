import type { DenseDataset } from '../ingest/dataset/dataset.ts';
import type { LayerInfo } from '../ingest/engine/engine.ts';
import { emptyCandidates, keepBatch } from '../ingest/math/segmentation/candidates.ts';
import { distinctLabels, type ImageLabels } from '../ingest/math/segmentation/labels.ts';
import { eachMask, emptySurfaces } from '../ingest/math/segmentation/masks.ts';
import { scan } from '../ingest/math/segmentation/scan.ts';
import { emptyTally, tallyMask } from '../ingest/math/segmentation/tally.ts';
import { allowedAbove } from '../ingest/math/segmentation/threshold.ts';
import { type Benchmark, ratio } from './figure.ts';
import { interleaved, type Timing } from './measure.ts';
import { peersLoop } from './peers-loop.ts';
import { type Stage, setStage } from './stage.ts';

const RUNS = 7;
const IMAGES = 128;

/** The peers' loop over our tally, both from the same activations in memory to counts, on one thread. */
export const tallyOverLoop: Benchmark = {
  name: 'tally-over-loop',
  async measure() {
    const stage = await setStage(IMAGES, ['layer4']);
    const {
      dense,
      layers: [layer],
    } = stage;
    const activations = await activationsOf(stage);
    await stage.runner.close();
    const labels = await Promise.all(dense.rows.map((row) => dense.readLabels(row)));
    const thresholds = exactThresholds(activations, layer);
    const timings = await interleaved(
      [
        { name: 'loop', run: () => loop(dense, layer, activations, labels, thresholds) },
        { name: 'tally', run: () => tally(stage, layer, activations, labels, thresholds) },
      ],
      RUNS,
    );
    const [theirs, ours] = ['loop', 'tally'].map((name) => timings.get(name) as Timing);
    const against = `our tally, ${IMAGES} images, ${layer.units} units at ${layer.grid.height}x${layer.grid.width}, masks 112x112`;
    return [ratio('tally-over-loop', theirs.processor / ours.processor, against, RUNS)];
  },
};

async function activationsOf({ dense, network, runner }: Stage): Promise<Float32Array[]> {
  const { inputHeight, inputWidth } = network;
  const batches: Float32Array[] = [];
  for (let image = 0; image < dense.rows.length; image += runner.batchSize) {
    const images = await Promise.all(
      dense.rows.slice(image, image + runner.batchSize).map((row) => dense.readImage(row, inputHeight, inputWidth)),
    );
    const [ofLayer] = await runner.run(new Uint8Array(Buffer.concat(images)), images.length);
    batches.push(ofLayer);
  }
  const each = batches[0].length / runner.batchSize;
  return dense.rows.map((_, i) =>
    batches[Math.floor(i / runner.batchSize)].slice((i % runner.batchSize) * each, ((i % runner.batchSize) + 1) * each),
  );
}

function exactThresholds(activations: readonly Float32Array[], { units, grid }: LayerInfo): Float32Array {
  const cells = grid.height * grid.width;
  const rank = allowedAbove(0.005, activations.length * cells);
  return Float32Array.from({ length: units }, (_, unit) => {
    const values = activations.flatMap((image) => Array.from(image.subarray(unit * cells, (unit + 1) * cells)));
    return values.sort((a, b) => b - a)[rank];
  });
}

function loop(
  { concepts }: DenseDataset,
  { units, grid }: LayerInfo,
  activations: Float32Array[],
  labels: ImageLabels[],
  thresholds: Float32Array,
): void {
  const intersections = new Float64Array(units * (concepts.length + 1));
  for (const [i, image] of activations.entries()) {
    peersLoop(image, units, [grid.height, grid.width], thresholds, labels[i], concepts.length, intersections);
  }
}

function tally(
  { dense, network }: Stage,
  layer: LayerInfo,
  activations: Float32Array[],
  labels: ImageLabels[],
  thresholds: Float32Array,
): void {
  const { units, grid } = layer;
  const counts = emptyTally(units, dense.concepts.length, dense.categories.length);
  const plan = {
    grid,
    concepts: dense.concepts.length,
    categories: dense.categories.length,
    wholeImagesOnly: false,
    bounds: Float64Array.from(thresholds),
    surfaces: emptySurfaces(),
  };
  const { inputHeight, inputWidth } = network;
  const placement = { y: { start: 0, extent: inputHeight }, x: { start: 0, extent: inputWidth } };
  const minima = new Float32Array(units).fill(Infinity);
  const maxima = new Float32Array(units);
  const kept = emptyCandidates(grid.height * grid.width);
  for (const [i, image] of activations.entries()) {
    const from = kept.count;
    scan({ images: [i], activations: image }, units, grid.height * grid.width, minima, maxima);
    keepBatch(kept, [i], image, maxima, thresholds, grid.height, grid.width);
    const own = distinctLabels(labels[i]);
    eachMask(plan, own, placement, kept, from, kept.count, (unit, active, found) => tallyMask(counts, plan, own, unit, active, found));
  }
}
