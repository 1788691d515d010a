import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ShardStep } from '../../prisma/queue/payload.ts';
import { emptyMerged, type Merged, mergeInto } from '../dissect/merge.ts';
import { readCollected } from '../pass/chunks.ts';
import { type SettledLayer, settleLayer } from '../pass/settle.ts';
import { readBytes, writeValue } from './blobs.ts';
import { chunksOf } from './plan.ts';
import type { ShardRun } from './run.ts';
import { tallySteps } from './steps.ts';

/**
 * Finds the thresholds over all shards, layer by layer, and leaves `settled/L` of each. The candidates of one layer lie on disk meanwhile, those
 * of one chunk in memory.
 *
 * @returns the steps that follow
 */
export async function findThresholds(run: ShardRun): Promise<ShardStep[]> {
  const { store, plan, signal } = run;
  const { round } = run.step;
  for (const [layer, { units, grid }] of plan.layers.entries()) {
    const files = await fetchLayer(run, layer);
    const merged = emptyMerged(units);
    for (const [shard] of plan.shards.entries())
      mergeInto(merged, await run.left<Merged>({ step: 'PASS', round, shard }, `range/${layer}`));
    const parts = async function* () {
      for (const file of files) {
        signal.throwIfAborted();
        yield (await readCollected(file)).candidates;
      }
    };
    const settled = await settleLayer(parts, merged, plan.images * grid.height * grid.width, plan.taus, await openUnits(run, layer));
    await writeValue(store.pool, run.self, `settled/${layer}`, settled);
    await rm(run.folder, { recursive: true });
  }
  return tallySteps(plan, round);
}

async function openUnits({ step: { round }, plan, left }: ShardRun, layer: number): Promise<number[]> {
  if (round === 0) return Array.from({ length: plan.layers[layer].units }, (_, k) => k);
  return (await left<SettledLayer>({ step: 'THRESHOLDS', round: round - 1, shard: 0 }, `settled/${layer}`)).open;
}

/** Brings the candidates of a layer to this machine's disk. */
async function fetchLayer({ store, plan, step: { round }, folder, doer, signal }: ShardRun, layer: number): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [index, shard] of plan.shards.entries()) {
    const passed = doer({ step: 'PASS', round, shard: index });
    for (const chunk of chunksOf(shard, plan.images)) {
      signal.throwIfAborted();
      const file = path.join(folder, `${chunk}.bin`);
      await writeFile(file, await readBytes(store.pool, passed, `chunk/${chunk}/${layer}`));
      files.push(file);
    }
  }
  return files;
}
