import type { Parts } from '../math/segmentation/select.ts';
import type { ActivityFile } from './activity.ts';
import type { ChunkStore } from './chunks.ts';
import type { DissectionPlan, StepOf } from './plan.ts';

/**
 * What the steps of a dissection leave for each other: on disk where one process does them all, in the store where
 * several workers share them. A step reads only what steps before it have left whole.
 */
export interface Left {
  /** Leaves a value of plain objects, numbers and typed arrays. */
  keep(step: StepOf, name: string, value: unknown): Promise<void>;
  /** What a step that is done has left. */
  of<T>(step: StepOf, name: string): Promise<T>;
  /**
   * Where a pass collects the chunks of some layers, from the one numbered `first` on; one that was broken off finds
   * its chunks here again.
   */
  chunks(step: StepOf, first: number): Promise<ChunkStore>;
  /** Leaves what was collected of `layers` layers. */
  keepChunks(step: StepOf, first: number, layers: number, chunks: ChunkStore): Promise<void>;
  /** All candidates of a layer. */
  values(round: number, layer: number): Promise<Parts>;
  /** A layer's activity, chunk by chunk: of round 0, where it was collected. */
  activity(layer: number): Promise<ActivityFile[]>;
  /** Files with the candidates of a shard's chunks, for other threads: `[chunk][layer]`, as of `readCollected`. */
  files(round: number, shard: number): Promise<string[][]>;
}

/** A dissection as its steps find it. */
export interface Work {
  plan: DissectionPlan;
  left: Left;
  /** Looked at before each chunk. */
  signal?: AbortSignal;
  /** Told the images that the step has gone through. */
  onImages(images: number): void;
}
