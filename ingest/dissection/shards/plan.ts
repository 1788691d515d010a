import type { Target } from '../../../core/targets.ts';
import type { Resize } from '../../../prisma/generated/enums.ts';
import type { LayerInfo, RunOptions } from '../../engine/engine.ts';
import type { DissectionIdentity } from '../../write/key.ts';
import { chunkSizeOf } from '../dissect.ts';

/** What all steps of a sharded dissection agree on. Stored under the asked job. */
export interface ShardPlan {
  /** Slugs. */
  model: string;
  dataset: string;
  /** Those that the store lacks at one of the taus. */
  layers: LayerInfo[];
  taus: number[];
  /** What the store lacks; layer and tau by their place in the lists above. */
  wanted: { layer: number; tau: number; identity: DissectionIdentity }[];
  /** Of all dissections that were asked for, the stored ones too. */
  keys: string[];
  /** Where the network runs: the same for all shards. */
  target: Target;
  /** Every worker can run it there, and was not asked to leave it to some. */
  anywhere: boolean;
  run: Pick<RunOptions, 'precision'> & { batchSize: number };
  inputHeight: number;
  inputWidth: number;
  resize: Resize;
  /** Of the dataset. */
  images: number;
  shards: Shard[];
}

/** Images `from` to `to` of the sequence in which images pass: whole chunks of it. */
export interface Shard {
  from: number;
  to: number;
}

/** Images by which marks are put: more would make nobody surer. */
const SAMPLE = 2048;

/**
 * Splits the sequence of a dataset's images into shards of whole chunks, so that every batch holds the same images as without shards. The first
 * shard is the sample that the others wait for: the smaller the sooner they begin, but never smaller than what marks are put by.
 *
 * @param wanted shards; no more than there are chunks are made
 */
export function splitImages(images: number, wanted: number): Shard[] {
  const size = chunkSizeOf(images);
  const chunks = Math.ceil(images / size);
  const shards = Math.min(wanted, chunks);
  const first = Math.min(Math.ceil(chunks / shards), Math.ceil(SAMPLE / size));
  const starts = Array.from({ length: shards }, (_, s) => (s === 0 ? 0 : first + Math.floor(((s - 1) * (chunks - first)) / (shards - 1))));
  return starts.map((start, s) => ({ from: start * size, to: Math.min((starts[s + 1] ?? chunks) * size, images) }));
}

/** Chunks of a shard, numbered over the whole sequence. */
export function chunksOf({ from, to }: Shard, images: number): number[] {
  const size = chunkSizeOf(images);
  return Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => from / size + i);
}
