import type { Resize } from '../../prisma/generated/enums.ts';
import type { LayerInfo } from '../engine/engine.ts';
import { labellerOf, type Method } from '../labelling/labellers.ts';
import { SAMPLE_IMAGES } from '../math/segmentation/sample.ts';
import { passSequence } from './sequence.ts';

/** What all steps of a dissection agree on. */
export interface DissectionPlan {
  layers: readonly LayerInfo[];
  taus: readonly number[];
  /** Those that are asked for. */
  methods: readonly Method[];
  /** Of the network, in pixels. */
  inputHeight: number;
  inputWidth: number;
  resize: Resize;
  /** Of the dataset. */
  images: number;
  /** In one process: one. */
  shards: readonly Shard[];
}

/** Images `from` to `to` of the sequence in which images pass: whole chunks of it. */
export interface Shard {
  from: number;
  to: number;
}

/** Whether one of the methods looks at how much units fire on each image. */
export const needsActivity = ({ methods }: Pick<DissectionPlan, 'methods'>): boolean =>
  methods.some((method) => labellerOf(method).needsActivity);

/** Whether one of the methods is told which concepts each image has. */
export const needsConcepts = ({ methods }: Pick<DissectionPlan, 'methods'>): boolean =>
  methods.some((method) => labellerOf(method).needsConcepts);

/** A step of a round; `shard` is 0 for the steps that are of no one shard. */
export interface StepOf {
  step: 'PASS' | 'THRESHOLDS' | 'TALLY';
  /** From 0: how often units have been passed again. */
  round: number;
  shard: number;
}

/**
 * Marks are first put safely below the thresholds; where one proves too high, its unit is redone in another round with
 * these, the last of which keeps everything.
 */
export const SAFETIES = [1, 6, Infinity] as const;

/** Images of a chunk: what is stored together, and lost at most when a run is broken off. */
export const chunkSizeOf = (images: number): number => Math.min(512, Math.max(64, Math.ceil(images / 8)));

/**
 * Splits the sequence of a dataset's images into shards of whole chunks, so that every batch holds the same images as
 * without shards. The first shard is the sample that the others wait for: the smaller the sooner they begin, but never
 * smaller than what marks are put by.
 *
 * @param wanted shards; no more than there are chunks are made
 */
export function splitImages(images: number, wanted: number): Shard[] {
  const size = chunkSizeOf(images);
  const chunks = Math.ceil(images / size);
  const shards = Math.min(wanted, chunks);
  const first = Math.min(Math.ceil(chunks / shards), Math.ceil(SAMPLE_IMAGES / size));
  const starts = Array.from({ length: shards }, (_, s) => (s === 0 ? 0 : first + Math.floor(((s - 1) * (chunks - first)) / (shards - 1))));
  return starts.map((start, s) => ({ from: start * size, to: Math.min((starts[s + 1] ?? chunks) * size, images) }));
}

/** Images of a chunk, in the order of passing. */
export function imagesOf(chunk: number, images: number): Uint32Array {
  const size = chunkSizeOf(images);
  return passSequence(images).subarray(chunk * size, (chunk + 1) * size);
}

/** Chunks of a shard, numbered over the whole sequence. */
export function chunksOf({ from, to }: Shard, images: number): number[] {
  const size = chunkSizeOf(images);
  return Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => from / size + i);
}
