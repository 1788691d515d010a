import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Broden } from '../dataset/broden.ts';
import { emptyMerged, type Merged, mergeInto } from '../dissect/merge.ts';
import { emptyTally, type Tally, type TallyPlan } from '../dissect/tally.ts';
import { maskBounds, type Thresholds, thresholds } from '../dissect/threshold.ts';
import type { TopImages } from '../dissect/top-images.ts';
import type { LayerInfo, Network, Runner } from '../engine/engine.ts';
import { type ChunkStore, openChunks } from './chunks.ts';
import { collectChunks } from './collect-chunks.ts';
import { passSequence } from './sequence.ts';
import { tallyChunk } from './tally-chunks.ts';

/** Marks are first put safely below the thresholds; where one proves too high, its unit is redone with these, the last of which keeps everything. */
const SAFETIES = [1, 6, Infinity];

export interface DissectOptions {
  broden: Broden;
  network: Network;
  /** Started with `layers`. */
  runner: Runner;
  layers: readonly LayerInfo[];
  taus: readonly number[];
  /** Where chunks lie until the run is complete: a killed run is taken up there. Of this run alone. */
  workFolder: string;
  /** Bytes of candidates kept in memory; the rest is read back from the work folder. */
  memory: number;
  batchSize: number;
  onProgress(phase: 'forward' | 'tally', images: number): void;
}

/** The numbers of one layer at one tau. */
export interface LayerNumbers {
  layer: LayerInfo;
  tau: number;
  thresholds: Thresholds;
  tally: Tally;
  /** |L_c|, one a concept. */
  pixels: Float64Array;
  top: TopImages;
}

/**
 * Dissects layers of a network over a dataset from one forward pass (DESIGN, "One pass").
 *
 * @returns one entry for each layer and tau, taus of a layer together
 * @throws BAD_IMAGE, BAD_DATASET, BAD_ACTIVATIONS
 */
export async function dissect(options: DissectOptions): Promise<LayerNumbers[]> {
  const { broden, layers, taus, workFolder, memory, onProgress } = options;
  const sequence = passSequence(broden.rows.length);
  const chunkSize = Math.min(512, Math.max(64, Math.ceil(sequence.length / 8)));
  const numbers = layers.map((layer) => taus.map((tau) => emptyNumbers(layer, tau, broden)));
  const pixels = new Float64Array(broden.concepts.length);
  let open = layers.map(({ units }) => Array.from({ length: units }, (_, k) => k));

  for (const [round, safety] of SAFETIES.entries()) {
    const chunks = await openChunks(path.join(workFolder, `round-${round}`), memory);
    const startMarks = layers.map(({ units }, layer) => {
      const marks = new Float32Array(units).fill(Infinity);
      for (const k of open[layer]) marks[k] = -Infinity;
      return marks;
    });
    const passOptions = { ...options, sequence, chunkSize, tau: Math.max(...taus), onProgress: (n: number) => onProgress('forward', n) };
    await collectChunks(passOptions, chunks, startMarks, safety);
    const count = Math.ceil(sequence.length / chunkSize);
    const settled = await settle(options, chunks, count, sequence.length, open, numbers);

    for (let chunk = 0; chunk < count; chunk++) {
      const images = sequence.subarray(chunk * chunkSize, (chunk + 1) * chunkSize);
      const candidates = await Promise.all(layers.map(async (_, layer) => (await chunks.get(chunk, layer)).candidates));
      const work = numbers.map((ofTaus, layer) => ({ plans: settled.plans[layer], tallies: ofTaus.map(({ tally }) => tally) }));
      await tallyChunk(broden, images, candidates, work, round === 0 ? pixels : null);
      onProgress('tally', Math.min((chunk + 1) * chunkSize, sequence.length));
    }
    open = settled.open;
    if (open.every((units) => units.length === 0)) break;
  }
  await rm(workFolder, { recursive: true, force: true });
  return numbers.flat().map((one) => ({ ...one, pixels }));
}

function emptyNumbers(layer: LayerInfo, tau: number, broden: Broden): LayerNumbers {
  const { units, grid } = layer;
  return {
    layer,
    tau,
    thresholds: { values: new Float32Array(units), silent: new Uint8Array(units), open: [] },
    tally: emptyTally(units, broden.concepts.length, broden.categories.length),
    pixels: new Float64Array(0),
    top: emptyMerged(units, grid.height * grid.width).top,
  };
}

/**
 * Finds the thresholds of those open units whose marks were low enough, writes them into `numbers`, and plans the tally of just these units.
 * A unit that stays open at one tau stays open at all of them.
 */
async function settle(
  { broden, network, layers, taus }: DissectOptions,
  chunks: ChunkStore,
  count: number,
  images: number,
  open: readonly number[][],
  numbers: readonly LayerNumbers[][],
): Promise<{ open: number[][]; plans: TallyPlan[][] }> {
  const stillOpen: number[][] = [];
  const plans: TallyPlan[][] = [];
  for (const [index, layer] of layers.entries()) {
    const { units, grid } = layer;
    const cells = grid.height * grid.width;
    const merged = await merge(chunks, count, index, units, cells);
    async function* parts() {
      for (let chunk = 0; chunk < count; chunk++) yield (await chunks.get(chunk, index)).candidates;
    }
    const found: Thresholds[] = [];
    for (const tau of taus) found.push(await thresholds(parts, merged.marks, merged.minima, images * cells, tau));
    const failed = new Set(found.flatMap((one) => one.open));
    const settled = open[index].filter((k) => !failed.has(k));
    stillOpen.push(open[index].filter((k) => failed.has(k)));
    plans.push(
      found.map((one, t) => {
        const { thresholds } = numbers[index][t];
        const all = maskBounds(one);
        const bounds = new Float64Array(units).fill(Infinity);
        for (const k of settled) {
          thresholds.values[k] = one.values[k];
          thresholds.silent[k] = one.silent[k];
          bounds[k] = all[k];
        }
        numbers[index][t].top = merged.top;
        return {
          grid,
          inputHeight: network.inputHeight,
          inputWidth: network.inputWidth,
          concepts: broden.concepts.length,
          categories: broden.categories.length,
          bounds,
          surfaces: new Map(),
        };
      }),
    );
  }
  return { open: stillOpen, plans };
}

async function merge(chunks: ChunkStore, count: number, layer: number, units: number, cells: number): Promise<Merged> {
  const merged = emptyMerged(units, cells);
  for (let chunk = 0; chunk < count; chunk++) mergeInto(merged, await chunks.get(chunk, layer), cells);
  return merged;
}
