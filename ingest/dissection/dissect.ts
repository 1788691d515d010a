import path from 'node:path';
import type { Resize } from '../../prisma/generated/enums.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import type { LayerInfo, Network, Runner } from '../engine/engine.ts';
import type { Subject } from '../labelling/labeller.ts';
import type { Method } from '../labelling/labellers.ts';
import { emptyParts, mergeParts, type Parts } from '../labelling/parts.ts';
import { addTo } from '../math/segmentation/tally.ts';
import type { Thresholds } from '../math/segmentation/threshold.ts';
import type { TopImages } from '../math/segmentation/top-images.ts';
import { openChunks } from './chunks.ts';
import { collectChunks } from './collect-chunks.ts';
import { passSequence } from './sequence.ts';
import { type SettledLayer, settleLayer } from './settle.ts';
import { subjectOf } from './subject.ts';
import { tallyChunks } from './tally-chunks.ts';

/** Marks are first put safely below the thresholds; where one proves too high, its unit is redone with these, the last of which keeps everything. */
export const SAFETIES = [1, 6, Infinity] as const;

/** Images of a chunk: what is stored together, and lost at most when a run is broken off. */
export const chunkSizeOf = (images: number): number => Math.min(512, Math.max(64, Math.ceil(images / 8)));

export interface DissectOptions {
  broden: DenseDataset;
  network: Network;
  /** Started with `layers`. */
  runner: Runner;
  layers: readonly LayerInfo[];
  /** How an image of another shape becomes the network's input. Absent: STRETCH. */
  resize?: Resize;
  taus: readonly number[];
  /** Beside IoU, which a dissection is made of. Absent: none. */
  methods?: readonly Method[];
  /** Where chunks lie: a run that was broken off is taken up there. Of this run alone, and left to be removed (`withWorkFolder`). */
  workFolder: string;
  /** Bytes of candidates kept in memory; the rest is read back from the work folder. */
  memory: number;
  batchSize: number;
  /** Ends the run after the chunk it is in. */
  signal?: AbortSignal;
  onProgress(phase: 'forward' | 'tally', images: number): void;
}

/** The numbers of one layer at one tau. */
export interface LayerNumbers {
  layer: LayerInfo;
  tau: number;
  thresholds: Pick<Thresholds, 'values' | 'silent'>;
  parts: Parts;
  /** |L_c|, one a concept. */
  pixels: Float64Array;
  top: TopImages;
}

/**
 * Dissects layers of a network over a dataset from one forward pass (docs/definitions.md, "One pass").
 *
 * @returns one entry for each layer and tau, taus of a layer together
 * @throws BAD_IMAGE, BAD_DATASET, BAD_ACTIVATIONS, the signal's reason
 */
export async function dissect(options: DissectOptions): Promise<LayerNumbers[]> {
  const { broden, network, layers, taus, workFolder, memory, onProgress, resize = 'STRETCH', methods = ['iou'] } = options;
  const sequence = passSequence(broden.rows.length);
  const chunkSize = chunkSizeOf(sequence.length);
  const count = Math.ceil(sequence.length / chunkSize);
  const { inputHeight, inputWidth } = network;
  const subjects = layers.map((layer) => subjectOf(layer, broden));
  let numbers: LayerNumbers[][] = [];
  let open = layers.map(({ units }) => Array.from({ length: units }, (_, k) => k));

  for (const [round, safety] of SAFETIES.entries()) {
    const chunks = await openChunks(path.join(workFolder, `round-${round}`), memory);
    const passOptions = {
      ...options,
      resize,
      sequence,
      chunkSize,
      tau: Math.max(...taus),
      onProgress: (n: number) => onProgress('forward', n),
    };
    const passed = await collectChunks(passOptions, chunks, startMarks(layers, open), safety);
    if (round === 0) numbers = layers.map((layer, i) => taus.map((tau) => emptyNumbers(layer, tau, subjects[i], methods, passed[i].top)));
    const settled: SettledLayer[] = [];
    for (const [index, { grid }] of layers.entries()) {
      async function* parts() {
        for (let chunk = 0; chunk < count; chunk++) yield (await chunks.get(chunk, index)).candidates;
      }
      const one = await settleLayer(parts, passed[index], sequence.length * grid.height * grid.width, taus, open[index]);
      takeOver(numbers[index], one);
      settled.push(one);
    }
    const masked = layers.map(({ grid }, index) => ({ grid, subject: subjects[index], bounds: settled[index].bounds }));
    const plan = { layers: masked, input: { height: inputHeight, width: inputWidth }, resize, methods };

    const requests = Array.from({ length: count }, (_, chunk) => ({
      rows: [...sequence.subarray(chunk * chunkSize, (chunk + 1) * chunkSize)],
      files: layers.map((_, layer) => chunks.file(chunk, layer)),
    }));
    let tallied = 0;
    await tallyChunks(broden, plan, requests, ({ parts, pixels }) => {
      options.signal?.throwIfAborted();
      for (const [layer, ofLayer] of parts.entries()) for (const [t, part] of ofLayer.entries()) mergeParts(numbers[layer][t].parts, part);
      if (round === 0) for (const one of numbers.flat()) addTo(one.pixels, pixels);
      onProgress('tally', Math.min(++tallied * chunkSize, sequence.length));
    });
    open = settled.map((one) => one.open);
    if (open.every((units) => units.length === 0)) break;
  }
  return numbers.flat();
}

/** One array a layer: every map of the open units is to be kept at first, none of the others. */
export function startMarks(layers: readonly LayerInfo[], open: readonly number[][]): Float32Array[] {
  return layers.map(({ units }, layer) => {
    const marks = new Float32Array(units).fill(Infinity);
    for (const k of open[layer]) marks[k] = -Infinity;
    return marks;
  });
}

export function emptyNumbers(layer: LayerInfo, tau: number, subject: Subject, methods: readonly Method[], top: TopImages): LayerNumbers {
  return {
    layer,
    tau,
    thresholds: { values: new Float32Array(layer.units), silent: new Uint8Array(layer.units) },
    parts: emptyParts(methods, subject),
    pixels: new Float64Array(subject.conceptCategories.length),
    top,
  };
}

/** Writes the thresholds of the units that are settled into a layer's numbers, one entry a tau. */
export function takeOver(ofTaus: readonly LayerNumbers[], { thresholds, units }: Pick<SettledLayer, 'thresholds' | 'units'>): void {
  for (const [t, { values, silent }] of thresholds.entries()) {
    for (const k of units) {
      ofTaus[t].thresholds.values[k] = values[k];
      ofTaus[t].thresholds.silent[k] = silent[k];
    }
  }
}
