import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { isEverywhere, type Target, targetOn } from '../../../core/targets.ts';
import type { JobQueue } from '../../../store/queue/open.ts';
import { deliverShards } from '../../../store/queue/shards.ts';
import type { ClaimedJob, JobResult } from '../../jobs/claim.ts';
import { type DissectRequest, dissectModel } from '../../tasks/dissect-model.ts';
import type { Missing } from '../dissect-readings.ts';
import { writeValue } from './blobs.ts';
import { type Shard, type ShardPlan, splitImages } from './plan.ts';
import { PLAN } from './run.ts';
import { passStep } from './steps.ts';

export interface ShardedRequest extends DissectRequest {
  /** Absent: where it comes to be begun. */
  runsOn?: Target;
}

/**
 * Does a dissection as a single worker does, but that it leaves what has to be computed to any number of them: the dataset's images are
 * split into shards, and every step of one is a job of its own (`ShardStep`). What steps leave for each other lies in the store, so that nothing
 * is lost with a machine. The asked job goes on running without a worker, and ends with its last step.
 *
 * The numbers are those of a single worker: batches hold the same images, thresholds are exact over all shards, counts add up.
 */
export async function dissectInShards(queue: JobQueue, job: ClaimedJob, request: ShardedRequest, shards: number): Promise<JobResult> {
  const plans: ShardPlan[] = [];
  const handOver = (missing: Missing): boolean => {
    const split = splitImages(missing.broden.rows.length, shards);
    if (split.length > 1) plans.push(planOf(request, split, missing));
    return split.length > 1;
  };
  const dissected = await dissectModel(queue.store, { ...request, handOver });
  if (plans.length === 0) return { dissections: dissected.map(({ id }) => id) };
  return { settle: (client) => parkJob(queue, client, job, plans[0]) };
}

function planOf({ model: slug, dataset, runsOn }: ShardedRequest, shards: Shard[], missing: Missing): ShardPlan {
  const { model, network, broden, runner, run, batchSize, wanted, keyed } = missing;
  const layers = [...new Set(wanted.map(({ reading }) => reading.layer))];
  const taus = [...new Set(wanted.map(({ tau }) => tau))];
  const target = targetOn(network.format, runner.provider);
  return {
    model: slug,
    dataset,
    layers,
    taus,
    wanted: wanted.map(({ reading, tau, identity }) => ({ layer: layers.indexOf(reading.layer), tau: taus.indexOf(tau), identity })),
    keys: keyed.map(({ key }) => key),
    target,
    anywhere: runsOn === undefined && isEverywhere(target),
    run: { precision: run.precision, batchSize },
    inputHeight: network.inputHeight,
    inputWidth: network.inputWidth,
    resize: model.resize,
    images: broden.rows.length,
    shards,
  };
}

/** Stores the plan and puts the first step into the queue. Where the job is no longer this worker's, nothing happens. */
export async function parkJob(queue: JobQueue, client: PoolClient, { id, attempts }: ClaimedJob, plan: ShardPlan): Promise<null> {
  // Another delivery, which nobody has: should the one in hand be given to a worker again, it stands for nothing
  const { rows } = await client.query(
    `UPDATE jobs SET delivery = $3, worker = NULL, phase = 'FORWARD', images_done = 0, image_count = $4, images_per_second = NULL
     WHERE id = $1 AND attempts = $2 AND state = 'RUNNING' RETURNING id, priority, model_id AS "modelId", dataset_id AS "datasetId"`,
    [id, attempts, randomUUID(), plan.images],
  );
  if (rows.length === 0) return null;
  await writeValue(client, { id, attempts }, PLAN, plan);
  await deliverShards(queue, client, rows[0], [passStep(plan, 0, 0)]);
  return null;
}
