import path from 'node:path';
import type { Resize } from '../../prisma/generated/enums.ts';
import type { Broden } from '../dataset/broden.ts';
import { addTally, addTo, emptyTally, type Tally, type TallyPlan } from '../dissect/tally.ts';
import { maskBounds, type Thresholds, thresholds } from '../dissect/threshold.ts';
import type { TopImages } from '../dissect/top-images.ts';
import type { LayerInfo, Network, Runner } from '../engine/engine.ts';
import { type ChunkStore, openChunks } from './chunks.ts';
import { collectChunks, type PassedLayer } from './collect-chunks.ts';
import { passSequence } from './sequence.ts';
import { tallyChunks } from './tally-chunks.ts';

/** Marks are first put safely below the thresholds; where one proves too high, its unit is redone with these, the last of which keeps everything. */
const SAFETIES = [1, 6, Infinity];

export interface DissectOptions {
  broden: Broden;
  network: Network;
  /** Started with `layers`. */
  runner: Runner;
  layers: readonly LayerInfo[];
  /** How an image of another shape becomes the network's input. Absent: STRETCH. */
  resize?: Resize;
  taus: readonly number[];
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
  tally: Tally;
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
  const { broden, layers, taus, workFolder, memory, onProgress, resize = 'STRETCH' } = options;
  const sequence = passSequence(broden.rows.length);
  const chunkSize = Math.min(512, Math.max(64, Math.ceil(sequence.length / 8)));
  const count = Math.ceil(sequence.length / chunkSize);
  const rows = Array.from(sequence, (index) => broden.rows[index]);
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
    if (round === 0) numbers = layers.map((layer, i) => taus.map((tau) => emptyNumbers(layer, tau, broden, passed[i].top)));
    const settled = await settle(options, chunks, count, passed, open, numbers);

    const requests = Array.from({ length: count }, (_, chunk) => ({
      rows: rows.slice(chunk * chunkSize, (chunk + 1) * chunkSize),
      files: layers.map((_, layer) => chunks.file(chunk, layer)),
    }));
    let tallied = 0;
    await tallyChunks(broden, { plans: settled.plans, resize }, requests, ({ tallies, pixels }) => {
      options.signal?.throwIfAborted();
      for (const [layer, ofLayer] of tallies.entries())
        for (const [t, tally] of ofLayer.entries()) addTally(numbers[layer][t].tally, tally);
      if (round === 0) for (const one of numbers.flat()) addTo(one.pixels, pixels);
      onProgress('tally', Math.min(++tallied * chunkSize, rows.length));
    });
    open = settled.open;
    if (open.every((units) => units.length === 0)) break;
  }
  return numbers.flat();
}

function startMarks(layers: readonly LayerInfo[], open: readonly number[][]): Float32Array[] {
  return layers.map(({ units }, layer) => {
    const marks = new Float32Array(units).fill(Infinity);
    for (const k of open[layer]) marks[k] = -Infinity;
    return marks;
  });
}

function emptyNumbers(layer: LayerInfo, tau: number, broden: Broden, top: TopImages): LayerNumbers {
  return {
    layer,
    tau,
    thresholds: { values: new Float32Array(layer.units), silent: new Uint8Array(layer.units) },
    tally: emptyTally(layer.units, broden.concepts.length, broden.categories.length),
    pixels: new Float64Array(broden.concepts.length),
    top,
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
  passed: readonly PassedLayer[],
  open: readonly number[][],
  numbers: readonly LayerNumbers[][],
) {
  const stillOpen: number[][] = [];
  const plans: Omit<TallyPlan, 'surfaces'>[][] = [];
  for (const [index, { units, grid, kind }] of layers.entries()) {
    async function* parts() {
      for (let chunk = 0; chunk < count; chunk++) yield (await chunks.get(chunk, index)).candidates;
    }
    const values = broden.rows.length * grid.height * grid.width;
    const found: Thresholds[] = [];
    for (const tau of taus) found.push(await thresholds(parts, passed[index].marks, passed[index].minima, values, tau));
    const failed = new Set(found.flatMap((one) => one.open));
    const settled = open[index].filter((k) => !failed.has(k));
    stillOpen.push(open[index].filter((k) => failed.has(k)));
    plans.push(
      found.map((one, t) => {
        const all = maskBounds(one);
        const bounds = new Float64Array(units).fill(Infinity);
        for (const k of settled) {
          numbers[index][t].thresholds.values[k] = one.values[k];
          numbers[index][t].thresholds.silent[k] = one.silent[k];
          bounds[k] = all[k];
        }
        return {
          grid,
          inputHeight: network.inputHeight,
          inputWidth: network.inputWidth,
          concepts: broden.concepts.length,
          categories: broden.categories.length,
          wholeImagesOnly: kind === 'vector',
          bounds,
        };
      }),
    );
  }
  return { open: stillOpen, plans };
}
