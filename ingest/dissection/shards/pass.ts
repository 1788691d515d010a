import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../../core/errors.ts';
import type { ShardStep } from '../../../store/queue/payload.ts';
import type { LayerInfo, RunOptions } from '../../engine/engine.ts';
import type { Merged } from '../../math/segmentation/merge.ts';
import type { TopImages } from '../../math/segmentation/top-images.ts';
import { dissectionKey } from '../../write/key.ts';
import { openChunks } from '../chunks.ts';
import { collectChunks } from '../collect-chunks.ts';
import { chunkSizeOf, SAFETIES, startMarks } from '../dissect.ts';
import { provenanceOf } from '../dissect-readings.ts';
import { passSequence } from '../sequence.ts';
import type { SettledLayer } from '../settle.ts';
import { writeBytes, writeValue } from './blobs.ts';
import { chunksOf, type ShardPlan } from './plan.ts';
import type { ShardRun } from './run.ts';
import { ofAll, passStep } from './steps.ts';

/**
 * Passes the images of a shard through the network, and leaves of each layer: `chunk/C/L`, the candidates of a chunk as `readCollected` reads them;
 * `range/L`, marks and minima; `top/L`, the images on which units fire most.
 *
 * @returns the steps that follow when all passes so far are done
 */
export async function passShard(run: ShardRun): Promise<ShardStep[]> {
  const { store, plan, settings, step } = run;
  const { model, network, normalisation } = await run.opened.model();
  const { broden } = await run.opened.dataset(run.signal);
  const layers = plan.layers.map(({ name }) => network.layer(name));
  const shard = plan.shards[step.shard];
  const sequence = passSequence(plan.images).subarray(shard.from, shard.to);
  const options: RunOptions = { targets: [plan.target], precision: plan.run.precision, normalisation };
  const marks = await firstMarks(run, layers);
  const atOnce = settings.layersAtOnce ?? layers.length;
  for (let first = 0; first < layers.length; first += atOnce) {
    const group = layers.slice(first, first + atOnce);
    const runner = await run.opened.runner(group, options);
    requireSame(plan, provenanceOf(model, network, runner, broden.sha256, options));
    const chunks = await openChunks(path.join(run.folder, `from-${first}`), settings.memory);
    const passed = await collectChunks(
      {
        broden,
        network,
        runner,
        layers: group,
        resize: plan.resize,
        sequence,
        chunkSize: chunkSizeOf(plan.images),
        batchSize: plan.run.batchSize,
        tau: Math.max(...plan.taus),
        signal: run.signal,
        onProgress: (images) => run.onImages(Math.floor((first * sequence.length + images * group.length) / layers.length)),
      },
      chunks,
      marks.slice(first, first + atOnce),
      step.shard === 0 ? SAFETIES[step.round] : Infinity,
    );
    for (const [i, { top, ...range }] of passed.entries()) {
      const layer = first + i;
      for (const [own, chunk] of chunksOf(shard, plan.images).entries()) {
        run.signal.throwIfAborted();
        await writeBytes(store.pool, run.self, `chunk/${chunk}/${layer}`, await readFile(chunks.file(own, i)));
      }
      await writeValue(store.pool, run.self, `range/${layer}`, range satisfies Merged);
      await writeValue(store.pool, run.self, `top/${layer}`, top satisfies TopImages);
    }
  }
  const others = plan.shards.flatMap((_, other) => (other === 0 ? [] : [passStep(plan, step.round, other)]));
  return step.shard === 0 ? others : [ofAll('THRESHOLDS', step.round)];
}

/** Those that the sample has put; for the sample itself none yet for the units that are open. */
async function firstMarks({ step, left }: ShardRun, layers: readonly LayerInfo[]): Promise<Float32Array[]> {
  const { round, shard } = step;
  if (shard > 0)
    return Promise.all(layers.map(async (_, i) => (await left<Merged>({ step: 'PASS', round, shard: 0 }, `range/${i}`)).marks));
  if (round === 0)
    return startMarks(
      layers,
      layers.map(({ units }) => Array.from({ length: units }, (_, k) => k)),
    );
  const before = { step: 'THRESHOLDS', round: round - 1, shard: 0 } as const;
  return startMarks(layers, await Promise.all(layers.map(async (_, i) => (await left<SettledLayer>(before, `settled/${i}`)).open)));
}

/** Throws NO_WORKER where what this worker computes with would give the dissections other keys. */
function requireSame({ wanted }: ShardPlan, provenance: ReturnType<typeof provenanceOf>): void {
  const [{ identity }] = wanted;
  if (dissectionKey({ ...identity, provenance }) === dissectionKey(identity)) return;
  const [begun, here] = [identity.provenance, provenance].map(
    ({ codeVersion, engine, engineVersion, provider }) => `version ${codeVersion} with ${engine} ${engineVersion} on ${provider}`,
  );
  throw new DissectoryError(
    'NO_WORKER',
    `The dissection was begun by ${begun}, this worker is ${here}: their numbers are not to be mixed. Once all workers are alike, try again.`,
  );
}
