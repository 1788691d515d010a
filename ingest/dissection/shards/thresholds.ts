import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { ShardStep } from '../../../store/queue/payload.ts';
import type { Collected } from '../../math/segmentation/collect.ts';
import { emptyMerged, type Merged, mergeInto } from '../../math/segmentation/merge.ts';
import type { MapValues } from '../../math/segmentation/select.ts';
import { type SettledLayer, settleLayer } from '../settle.ts';
import { readBytes, writeValue } from './blobs.ts';
import { chunksOf } from './plan.ts';
import type { ShardRun } from './run.ts';
import { tallySteps } from './steps.ts';

/**
 * Finds the thresholds over all shards, layer by layer, and leaves `settled/L` of each. Of the values of one layer as many as the memory budget
 * allows stay in memory meanwhile, the others on disk.
 *
 * @returns the steps that follow
 */
export async function findThresholds(run: ShardRun): Promise<ShardStep[]> {
  const { store, plan, signal } = run;
  const { round } = run.step;
  for (const [layer, { units, grid }] of plan.layers.entries()) {
    const merged = emptyMerged(units);
    for (const [shard] of plan.shards.entries())
      mergeInto(merged, await run.left<Merged>({ step: 'PASS', round, shard }, `range/${layer}`));
    const values = await fetchValues(run, layer);
    const parts = async function* () {
      for (const part of values) {
        signal.throwIfAborted();
        yield await part();
      }
    };
    const settled = await settleLayer(parts, merged, plan.images * grid.height * grid.width, plan.taus, await openUnits(run, layer));
    await writeValue(store.pool, run.self, `settled/${layer}`, settled);
  }
  return tallySteps(plan, round);
}

async function openUnits({ step: { round }, plan, left }: ShardRun, layer: number): Promise<number[]> {
  if (round === 0) return Array.from({ length: plan.layers[layer].units }, (_, k) => k);
  return (await left<SettledLayer>({ step: 'THRESHOLDS', round: round - 1, shard: 0 }, `settled/${layer}`)).open;
}

/** Brings the values of a layer to this machine, chunk by chunk; each is given as often as asked. */
async function fetchValues(run: ShardRun, layer: number): Promise<(() => MapValues | Promise<MapValues>)[]> {
  const { store, plan, step, settings, folder, doer, signal } = run;
  await mkdir(folder, { recursive: true });
  const fetched: Awaited<ReturnType<typeof fetchValues>> = [];
  let kept = 0;
  for (const [index, shard] of plan.shards.entries()) {
    const passed = doer({ step: 'PASS', round: step.round, shard: index });
    for (const chunk of chunksOf(shard, plan.images)) {
      signal.throwIfAborted();
      const bytes = await readBytes(store.pool, passed, `chunk/${chunk}/${layer}`);
      const { count, units, starts, values } = (deserialize(bytes) as Collected).candidates;
      const part: MapValues = { count, units, starts, values };
      kept += bytes.length; // which the arrays are views of
      if (kept <= settings.memory) {
        fetched.push(() => part);
        continue;
      }
      const file = path.join(folder, `${chunk}.bin`);
      await writeFile(file, serialize(part));
      fetched.push(async () => deserialize(await readFile(file)));
    }
  }
  return fetched;
}
