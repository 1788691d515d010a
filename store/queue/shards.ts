/** The shards of a dissection as jobs of the queue. */
import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Job } from '../../prisma/generated/client.ts';
import { deliver } from './enqueue.ts';
import type { JobQueue } from './open.ts';
import type { ShardStep } from './payload.ts';

/**
 * Puts steps of a sharded dissection into the queue, in the transaction of `client`, which holds the dissection's row. They go before
 * dissections of the same priority that nobody has begun: else many would be in the middle, and their unfinished work in the store.
 */
export async function deliverShards(
  queue: JobQueue,
  client: PoolClient,
  { id, priority, modelId, datasetId }: Pick<Job, 'id' | 'priority' | 'modelId' | 'datasetId'>,
  steps: readonly ShardStep[],
): Promise<void> {
  for (const step of steps) {
    const shard = { kind: 'DISSECT_SHARD' as const, priority: priority + 1, delivery: randomUUID() };
    const key = `shard of ${id}: ${step.step} ${step.round} ${step.shard}`;
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO jobs (kind, payload, key, priority, delivery, parent_id, model_id, dataset_id, image_count)
       VALUES ('DISSECT_SHARD', $1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
      [step, key, shard.priority, shard.delivery, id, modelId, datasetId, step.images],
    );
    await deliver(queue, client, { ...shard, payload: { ...step }, id: rows[0].id });
  }
}

/** Removes all shards of a dissection with what they have left in the store, in the transaction of `client`, which holds the dissection's row. */
export async function dropShards(client: PoolClient, parent: number): Promise<Pick<Job, 'kind' | 'payload' | 'worker' | 'delivery'>[]> {
  await client.query('DELETE FROM job_blobs WHERE job_id = $1', [parent]);
  return (await client.query('DELETE FROM jobs WHERE parent_id = $1 RETURNING kind, payload, worker, delivery', [parent])).rows;
}
