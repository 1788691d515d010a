import type { Resize } from '../../prisma/generated/enums.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import type { Network, Reading, Runner } from '../engine/engine.ts';
import type { Method } from '../labelling/labellers.ts';
import type { Work } from './left.ts';
import { leftOnDisk } from './left-on-disk.ts';
import { type LayerNumbers, numbersOf } from './numbers.ts';
import { passShard } from './pass.ts';
import { type DissectionPlan, splitImages } from './plan.ts';
import { isSettled, settleRound } from './settle.ts';
import { tallyShard } from './tally.ts';

export interface DissectOptions {
  dense: DenseDataset;
  network: Network;
  /** Started with `layers`. */
  runner: Runner;
  layers: readonly Reading[];
  /** How an image of another shape becomes the network's input. Absent: STRETCH. */
  resize?: Resize;
  taus: readonly number[];
  /** Beside IoU without its errors, which a dissection is made of. Absent: none. */
  methods?: readonly Method[];
  /**
   * Where chunks lie: a run that was broken off is taken up there. Of this run alone, and left to be removed
   * (`withWorkFolder`).
   */
  workFolder: string;
  /** Bytes of candidates kept in memory; the rest is read back from the work folder. */
  memory: number;
  batchSize: number;
  /** Ends the run after the chunk it is in. */
  signal?: AbortSignal;
  onProgress(phase: 'forward' | 'tally', images: number): void;
}

/**
 * Dissects layers of a network over a dataset in this process, from one forward pass (docs/definitions.md, "One pass"):
 * all images are one shard.
 *
 * @returns one entry for each layer and tau, taus of a layer together
 * @throws BAD_IMAGE, BAD_DATASET, BAD_ACTIVATIONS, the signal's reason
 */
export async function dissect(options: DissectOptions): Promise<LayerNumbers[]> {
  const { dense, network, layers, taus, resize = 'STRETCH', methods = [], onProgress } = options;
  const { inputHeight, inputWidth } = network;
  const images = dense.rows.length;
  const plan: DissectionPlan = { layers, taus, methods, inputHeight, inputWidth, resize, images, shards: splitImages(images, 1) };
  const left = leftOnDisk(options.workFolder, options.memory, plan);
  const work = (phase: 'forward' | 'tally'): Work => ({ plan, left, signal: options.signal, onImages: (done) => onProgress(phase, done) });
  const runners = { of: async () => options.runner };

  let rounds = 0;
  do {
    await passShard(work('forward'), options, runners, { round: rounds, shard: 0 });
    await settleRound(work('forward'), rounds);
    await tallyShard(work('tally'), dense, rounds, 0);
  } while (!(await isSettled(work('tally'), rounds++)));

  const numbers: LayerNumbers[][] = [];
  for (const layer of layers.keys()) numbers.push(await numbersOf(work('tally'), dense, layer, rounds));
  return numbers.flat();
}
