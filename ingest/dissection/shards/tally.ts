import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ShardStep } from '../../../store/queue/payload.ts';
import { emptyParts, mergeParts } from '../../labelling/parts.ts';
import { addTo } from '../../math/segmentation/tally.ts';
import { chunkSizeOf } from '../dissect.ts';
import { passSequence } from '../sequence.ts';
import type { SettledLayer } from '../settle.ts';
import { subjectOf } from '../subject.ts';
import { tallyChunks } from '../tally-chunks.ts';
import { readBytes, writeValue } from './blobs.ts';
import { chunksOf } from './plan.ts';
import type { ShardRun } from './run.ts';
import { ofAll, passStep } from './steps.ts';

/**
 * Counts the images of a shard against the thresholds that this round has settled, and leaves `tally/L/T` of each layer and tau, and `pixels`.
 *
 * @returns the steps that follow when all shards are counted
 */
export async function tallyShard(run: ShardRun): Promise<ShardStep[]> {
  const { store, plan, step, signal } = run;
  const { round } = step;
  const { broden } = await run.opened.dataset(signal);
  const subjects = plan.layers.map((layer) => subjectOf(layer, broden));
  const settled = await Promise.all(
    plan.layers.map((_, layer) => run.left<SettledLayer>({ step: 'THRESHOLDS', round, shard: 0 }, `settled/${layer}`)),
  );
  const layers = plan.layers.map(({ grid }, i) => ({ grid, subject: subjects[i], bounds: settled[i].bounds }));
  const input = { height: plan.inputHeight, width: plan.inputWidth };
  const sums = subjects.map((subject) => plan.taus.map(() => emptyParts(['iou'], subject)));
  const pixels = new Float64Array(broden.concepts.length);

  const size = chunkSizeOf(plan.images);
  const { from, to } = plan.shards[step.shard];
  const rows = [...passSequence(plan.images).subarray(from, to)];
  const files = await fetchShard(run);
  const requests = files.map((ofChunk, i) => ({ rows: rows.slice(i * size, (i + 1) * size), files: ofChunk }));
  let tallied = 0;
  await tallyChunks(broden, { layers, input, resize: plan.resize, methods: ['iou'] }, requests, (tally) => {
    signal.throwIfAborted();
    for (const [layer, ofLayer] of tally.parts.entries()) for (const [t, one] of ofLayer.entries()) mergeParts(sums[layer][t], one);
    addTo(pixels, tally.pixels);
    run.onImages(Math.min(++tallied * size, rows.length));
  });
  for (const [layer, ofLayer] of sums.entries()) {
    for (const [t, sum] of ofLayer.entries()) await writeValue(store.pool, run.self, `tally/${layer}/${t}`, sum);
  }
  await writeValue(store.pool, run.self, 'pixels', pixels);
  const isSettled = settled.every(({ open }) => open.length === 0);
  return isSettled ? [ofAll('WRITE', round)] : [passStep(plan, round + 1, 0)];
}

/** Brings the candidates of the shard to this machine's disk: where the tally's threads read them. `[chunk][layer]` */
async function fetchShard({ store, plan, step, folder, doer, signal }: ShardRun): Promise<string[][]> {
  await mkdir(folder, { recursive: true });
  const passed = doer({ ...step, step: 'PASS' });
  const chunks = chunksOf(plan.shards[step.shard], plan.images);
  const files = chunks.map((chunk) => plan.layers.map((_, layer) => path.join(folder, `${chunk}-${layer}.bin`)));
  for (const [c, chunk] of chunks.entries()) {
    for (const [layer] of plan.layers.entries()) {
      signal.throwIfAborted();
      await writeFile(files[c][layer], await readBytes(store.pool, passed, `chunk/${chunk}/${layer}`));
    }
  }
  return files;
}
