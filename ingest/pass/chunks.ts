import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { byteLength } from '../dissect/candidates.ts';
import type { Collected } from '../dissect/collect.ts';

/**
 * What the pass has collected, chunk by chunk of images and layer by layer. Every chunk is on disk as soon as it is complete, whole or not at all:
 * that is where a killed run goes on. As much as the memory budget allows stays in memory too, and need not be read back.
 */
export interface ChunkStore {
  has(chunk: number): boolean;
  put(chunk: number, layers: readonly Collected[]): Promise<void>;
  get(chunk: number, layer: number): Promise<Collected>;
}

/** @param folder is made where it does not exist, @param memory in bytes, of candidates kept in memory */
export async function openChunks(folder: string, memory: number): Promise<ChunkStore> {
  await mkdir(folder, { recursive: true });
  const cache = new Map<string, Collected>();
  let cached = 0;
  const chunkFolder = (chunk: number) => path.join(folder, String(chunk).padStart(6, '0'));

  return {
    has: (chunk) => existsSync(chunkFolder(chunk)),
    async put(chunk, layers) {
      const unfinished = `${chunkFolder(chunk)}.part`;
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished);
      for (const [layer, collected] of layers.entries()) {
        await writeFile(path.join(unfinished, `${layer}.bin`), serialize(collected));
        const size = byteLength(collected.candidates) + collected.top.maps.byteLength;
        if (cached + size > memory) continue;
        cache.set(`${chunk}/${layer}`, collected);
        cached += size;
      }
      await rename(unfinished, chunkFolder(chunk));
    },
    get: async (chunk, layer) =>
      cache.get(`${chunk}/${layer}`) ?? deserialize(await readFile(path.join(chunkFolder(chunk), `${layer}.bin`))),
  };
}
