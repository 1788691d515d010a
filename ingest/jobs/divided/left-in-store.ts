import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool } from 'pg';
import type { ActivityFile } from '../../dissection/activity.ts';
import { openChunks, readCollected } from '../../dissection/chunks.ts';
import type { Left } from '../../dissection/left.ts';
import { chunksOf, type DissectionPlan, imagesOf, needsActivity, type StepOf } from '../../dissection/plan.ts';
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

/** Leaves all in the store; candidates, which are read again and again, are brought into the folder. */
export function leftInStore({ pool, plan, self, doer, folder, memory, signal }: LeftInStoreOptions): Left {
  const { images, layers, shards } = plan;
  const nameOf = (chunk: number, layer: number) => `chunk/${chunk}/${layer}`;
  const fileOf = (chunk: number, layer: number) => path.join(folder, `${chunk}-${layer}.bin`);
  return {
    keep: (_step, name, value) => writeValue(pool, self, name, value),
    of: (step, name) => readValue(pool, doer(step), name),
    chunks: (_step, first) => openChunks(path.join(folder, `from-${first}`), memory),
    async keepChunks({ round, shard }, first, count, chunks) {
      for (let layer = 0; layer < count; layer++) {
        for (const [own, chunk] of chunksOf(shards[shard], images).entries()) {
          signal.throwIfAborted();
          await writeBytes(pool, self, nameOf(chunk, first + layer), await readFile(chunks.file(own, layer)));
          if (round > 0 || !needsActivity(plan)) continue;
          await writeBytes(pool, self, `activity/${chunk}/${first + layer}`, await readFile(chunks.activityFile(own, layer)));
        }
      }
    },
    async values(round, layer) {
      const files: string[] = [];
      for (const shard of shards.keys()) files.push(...(await bring(round, shard, [layer])).flat());
      return async function* () {
        for (const file of files) {
          signal.throwIfAborted();
          yield (await readCollected(file)).candidates;
        }
      };
    },
    async activity(layer) {
      const files: ActivityFile[] = [];
      await mkdir(folder, { recursive: true });
      for (const [index, shard] of shards.entries()) {
        for (const chunk of chunksOf(shard, images)) {
          signal.throwIfAborted();
          const file = path.join(folder, `activity-${chunk}.bin`);
          await writeFile(file, await readBytes(pool, doer({ step: 'PASS', round: 0, shard: index }), `activity/${chunk}/${layer}`));
          files.push({ file, images: imagesOf(chunk, images) });
        }
      }
      return files;
    },
    files: (round, shard) => bring(round, shard, [...layers.keys()]),
  };

  /** Brings candidates of a shard to this machine: `[chunk][layer]`. */
  async function bring(round: number, shard: number, wanted: readonly number[]): Promise<string[][]> {
    await mkdir(folder, { recursive: true });
    const passed = doer({ step: 'PASS', round, shard });
    const chunks = chunksOf(shards[shard], images);
    for (const chunk of chunks) {
      for (const layer of wanted) {
        signal.throwIfAborted();
        await writeFile(fileOf(chunk, layer), await readBytes(pool, passed, nameOf(chunk, layer)));
      }
    }
    return chunks.map((chunk) => wanted.map((layer) => fileOf(chunk, layer)));
  }
}
