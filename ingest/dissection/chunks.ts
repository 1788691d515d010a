import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { byteLength } from '../math/segmentation/candidates.ts';
import type { Collected } from '../math/segmentation/collect.ts';
import type { TopImages } from '../math/segmentation/top-images.ts';
import { activityBytes } from './activity.ts';

/**
 * What the pass has collected, chunk by chunk of images and layer by layer. Every chunk is on disk as soon as it is
 * complete, whole or not at all: that is where a killed run goes on. As much as the memory budget allows stays in
 * memory too, and need not be read back.
 */
export interface ChunkStore {
  has(chunk: number): boolean;
  /** @param tops one a layer, over all images up to this chunk: those of the chunk before are dropped */
  put(chunk: number, layers: readonly Collected[], tops: readonly TopImages[]): Promise<void>;
  get(chunk: number, layer: number): Promise<Collected>;
  /** Of the last chunk that was put. */
  tops(chunk: number, layers: number): Promise<TopImages[]>;
  /** Where a layer's part of a chunk lies, for other threads: see `readCollected`. */
  file(chunk: number, layer: number): string;
  /** Where its activity lies, if that was collected: see `activityOf`. */
  activityFile(chunk: number, layer: number): string;
}

/** Reads a layer's part of a chunk. */
export async function readCollected(file: string): Promise<Collected> {
  return deserialize(await readFile(file));
}

/** @param folder is made where it does not exist, @param memory in bytes, of candidates kept in memory */
export async function openChunks(folder: string, memory: number): Promise<ChunkStore> {
  await mkdir(folder, { recursive: true });
  const cache = new Map<string, Collected>();
  let cached = 0;
  const chunkFolder = (chunk: number) => path.join(folder, String(chunk).padStart(6, '0'));
  const topFile = (chunk: number, layer: number) => path.join(chunkFolder(chunk), `top-${layer}.bin`);
  const store: ChunkStore = {
    has: (chunk) => existsSync(chunkFolder(chunk)),
    async put(chunk, layers, tops) {
      const unfinished = `${chunkFolder(chunk)}.part`;
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished);
      for (const [layer, { activity, ...collected }] of layers.entries()) {
        if (activity) await writeFile(path.join(unfinished, `activity-${layer}.bin`), activityBytes(activity));
        await writeFile(path.join(unfinished, `${layer}.bin`), serialize(collected));
        await writeFile(path.join(unfinished, `top-${layer}.bin`), serialize(tops[layer]));
        const size = byteLength(collected.candidates);
        if (cached + size > memory) continue;
        cache.set(store.file(chunk, layer), collected);
        cached += size;
      }
      await rename(unfinished, chunkFolder(chunk));
      await Promise.all(layers.map((_, layer) => rm(topFile(chunk - 1, layer), { force: true })));
    },
    get: async (chunk, layer) => cache.get(store.file(chunk, layer)) ?? readCollected(store.file(chunk, layer)),
    tops: (chunk, layers) =>
      Promise.all(Array.from({ length: layers }, async (_, layer) => deserialize(await readFile(topFile(chunk, layer))))),
    file: (chunk, layer) => path.join(chunkFolder(chunk), `${layer}.bin`),
    activityFile: (chunk, layer) => path.join(chunkFolder(chunk), `activity-${layer}.bin`),
  };
  return store;
}
