import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { isEverywhere, type Target, targetOn } from '../../../core/targets.ts';
import type { JobQueue } from '../../../store/queue/open.ts';
import { deliverFlow } from '../../../store/queue/steps.ts';
import type { Keyed } from '../../dissection/asked.ts';
import { computeMissing } from '../../dissection/dissect-readings.ts';
import { type Shard, splitImages } from '../../dissection/plan.ts';
import { inTurn, type PlannedDissection, planDissection } from '../../dissection/plan-dissection.ts';
import { askedOfModel, type DissectRequest } from '../../tasks/dissect-model.ts';
import type { ClaimedJob, JobResult } from '../claim.ts';
import { writeValue } from './blobs.ts';
import { roundOf } from './flow.ts';
import { PLAN, type ShardPlan } from './plan.ts';

export interface ShardedRequest extends DissectRequest {
  /** Absent: where it comes to be begun. */
  runsOn?: Target;
}

/**
 * Plans a dissection as a single worker does, but leaves what has to be computed to any number of them: the dataset's
 * images are split into shards, and the steps of the rounds are jobs of their own, a flow of the queue. What steps
 * leave for each other lies in the store, so that nothing is lost with a machine. The asked job goes on running without
 * a worker, and ends with the last step.
 *
 * The numbers are those of a single worker: batches hold the same images, thresholds are exact over all shards, counts
 * add up.
 */
export async function dissectInShards(queue: JobQueue, job: ClaimedJob, request: ShardedRequest, wanted: number): Promise<JobResult> {
  const planned = await planDissection(queue.store, askedOfModel(request), request);
  try {
    const shards = splitImages(planned.dense.rows.length, wanted);
    if (planned.missing.length > 0 && shards.length > 1) {
      const missing = await inTurn(queue.store, planned, request, async (still) => still);
      if (missing.length > 0) return { settle: (client) => parkJob(queue, client, job, planOf(request, shards, planned, missing)) };
    }
    return { dissections: (await computeMissing(queue.store, planned, request)).map(({ id }) => id) };
  } finally {
    await planned.runners.close();
  }
}

function planOf(request: ShardedRequest, shards: Shard[], planned: PlannedDissection, missing: readonly Keyed[]): ShardPlan {
  const { model, network, dense, provider, run, batchSize, keyed } = planned;
  const layers = [...new Set(missing.map(({ reading }) => reading.layer))];
  const taus = [...new Set(missing.map(({ tau }) => tau))];
  const target = targetOn(network.format, provider);
  return {
    model: request.model,
    dataset: request.dataset,
    layers,
    taus,
    methods: planned.methods,
    wanted: missing.map(({ reading, tau, identity }) => ({ layer: layers.indexOf(reading.layer), tau: taus.indexOf(tau), identity })),
    keys: keyed.map(({ key }) => key),
    target,
    anywhere: request.runsOn === undefined && isEverywhere(target),
    run: { precision: run.precision, batchSize },
    inputHeight: network.inputHeight,
    inputWidth: network.inputWidth,
    resize: model.resize,
    images: dense.rows.length,
    shards,
  };
}

/**
 * Stores the plan and puts the first round into the queue. Where the job is no longer this worker's, nothing happens.
 */
export async function parkJob(queue: JobQueue, client: PoolClient, { id, attempts }: ClaimedJob, plan: ShardPlan): Promise<null> {
  // A stale delivery must not match this row again, so it gets a fresh id.
  const { rows } = await client.query(
    `UPDATE jobs SET delivery = $3, worker = NULL, phase = 'FORWARD', images_done = 0, image_count = $4, images_per_second = NULL
     WHERE id = $1 AND attempts = $2 AND state = 'RUNNING' RETURNING id, priority, model_id AS "modelId", dataset_id AS "datasetId"`,
    [id, attempts, randomUUID(), plan.images],
  );
  if (rows.length === 0) return null;
  await writeValue(client, { id, attempts }, PLAN, plan);
  await deliverFlow(queue, client, rows[0], roundOf(plan, 0));
  return null;
}
