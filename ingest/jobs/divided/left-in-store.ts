import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Pool } from 'pg';
import { openChunks } from '../../dissection/chunks.ts';
import type { Left } from '../../dissection/left.ts';
import { chunksOf, type DissectionPlan, type StepOf } from '../../dissection/plan.ts';
import type { Collected } from '../../math/segmentation/collect.ts';
import type { MapValues } from '../../math/segmentation/select.ts';
import type { Attempt } from '../claim.ts';
import { readBytes, readValue, writeBytes, writeValue } from './blobs.ts';

/** Whose step leaves and reads, and where. */
export interface LeftInStoreOptions {
  pool: Pool;
  plan: DissectionPlan;
  /** Who does the step in hand. */
  self: Attempt;
  /** Who did the steps that are done. */
  doer(step: StepOf): Attempt;
  /** Where the step in hand may keep files. */
  folder: string;
  /** Bytes of candidates kept in memory. */
  memory: number;
  signal: AbortSignal;
}

/** Leaves all in the store; what is read again and again is brought to this machine: into memory as far as it may, else into the folder. */
export function leftInStore({ pool, plan, self, doer, folder, memory, signal }: LeftInStoreOptions): Left {
  const { images, layers, shards } = plan;
  const nameOf = (chunk: number, layer: number) => `chunk/${chunk}/${layer}`;
  return {
    keep: (_step, name, value) => writeValue(pool, self, name, value),
    of: (step, name) => readValue(pool, doer(step), name),
    chunks: (_step, first) => openChunks(path.join(folder, `from-${first}`), memory),
    async keepChunks({ shard }, first, count, chunks) {
      for (let layer = 0; layer < count; layer++) {
        for (const [own, chunk] of chunksOf(shards[shard], images).entries()) {
          signal.throwIfAborted();
          await writeBytes(pool, self, nameOf(chunk, first + layer), await readFile(chunks.file(own, layer)));
        }
      }
    },
    async values(round, layer) {
      await mkdir(folder, { recursive: true });
      const fetched: (() => MapValues | Promise<MapValues>)[] = [];
      let kept = 0;
      for (const [index, shard] of shards.entries()) {
        const passed = doer({ step: 'PASS', round, shard: index });
        for (const chunk of chunksOf(shard, images)) {
          signal.throwIfAborted();
          const bytes = await readBytes(pool, passed, nameOf(chunk, layer));
          const { count, units, starts, values } = (deserialize(bytes) as Collected).candidates;
          const part: MapValues = { count, units, starts, values };
          kept += bytes.length; // which the arrays are views of
          if (kept <= memory) {
            fetched.push(() => part);
            continue;
          }
          const file = path.join(folder, `${chunk}.bin`);
          await writeFile(file, serialize(part));
          fetched.push(async () => deserialize(await readFile(file)));
        }
      }
      return async function* () {
        for (const part of fetched) {
          signal.throwIfAborted();
          yield await part();
        }
      };
    },
    async files(round, shard) {
      await mkdir(folder, { recursive: true });
      const passed = doer({ step: 'PASS', round, shard });
      const chunks = chunksOf(shards[shard], images);
      const files = chunks.map((chunk) => layers.map((_, layer) => path.join(folder, `${chunk}-${layer}.bin`)));
      for (const [c, chunk] of chunks.entries()) {
        for (const layer of layers.keys()) {
          signal.throwIfAborted();
          await writeFile(files[c][layer], await readBytes(pool, passed, nameOf(chunk, layer)));
        }
      }
      return files;
    },
  };
}
