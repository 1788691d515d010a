/** The steps of a divided dissection as jobs of the queue, which knows what of them is ready. */
import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Job } from '../../prisma/generated/client.ts';
import type { Delivery } from './enqueue.ts';
import type { JobQueue } from './open.ts';
import type { ShardStep } from './payload.ts';
import { queueOf } from './settings.ts';
import { inTransactionOf } from './transaction.ts';

/** A step, and those that must be done before it, by their place in the same list. */
export interface FlowStep {
  step: ShardStep;
  after: readonly number[];
}

/**
 * Puts steps of a divided dissection into the queue as a flow, in the transaction of `client`, which holds the
 * dissection's row. They go before dissections of the same priority that nobody has begun: else many would be in the
 * middle, and their unfinished work in the store.
 */
export async function deliverFlow(
  { boss }: JobQueue,
  client: PoolClient,
  { id, priority, modelId, datasetId }: Pick<Job, 'id' | 'priority' | 'modelId' | 'datasetId'>,
  flow: readonly FlowStep[],
): Promise<void> {
  const kind = 'DISSECT_SHARD';
  const rows = flow.map(({ step }) => ({ step, delivery: randomUUID(), key: `shard of ${id}: ${step.step} ${step.round} ${step.shard}` }));
  const inserted = await client.query<{ id: number }>(
    `INSERT INTO jobs (kind, payload, key, priority, delivery, parent_id, model_id, dataset_id, image_count)
     SELECT 'DISSECT_SHARD', step, key, $2, delivery, $3, $4, $5, (step->>'images')::int
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (step jsonb, key text, delivery uuid)) WITH ORDINALITY ORDER BY ordinality RETURNING id`,
    [JSON.stringify(rows), priority + 1, id, modelId, datasetId],
  );
  await boss.flow(
    rows.map(({ step, delivery }, i) => ({
      ref: String(i),
      name: queueOf({ kind, payload: { ...step } }),
      data: { job: inserted.rows[i].id } satisfies Delivery,
      options: { id: delivery, priority: priority + 1 },
      dependsOn: flow[i].after.map(String),
    })),
    inTransactionOf(client),
  );
}

/**
 * Has the queue look what has become ready by a step that is done, and tells workers. Were it left out, or its process
 * killed before, the queue would find out by itself within `FLOW_SECONDS`.
 */
export async function releaseNext({ boss }: JobQueue, done: { name: string; id: string }): Promise<void> {
  const dependents = await boss.getDependents(done.name, done.id);
  if (dependents.length === 0) return;
  await boss.resolveFlow();
  // An update that changes nothing wakes who listens to the queue
  for (const { name, id } of new Map(dependents.map((one) => [one.name, one])).values()) await boss.update(name, undefined, { id });
}

/**
 * Removes all steps of a dissection with what they have left in the store and what stands for them in the queue, in the
 * transaction of `client`, which holds the dissection's row. A step that runs is ended by its worker, who misses its
 * row.
 */
export async function dropSteps({ boss }: JobQueue, client: PoolClient, parent: number): Promise<void> {
  await client.query('DELETE FROM job_blobs WHERE job_id = $1', [parent]);
  const { rows } = await client.query<Pick<Job, 'kind' | 'payload' | 'state' | 'delivery'>>(
    'DELETE FROM jobs WHERE parent_id = $1 RETURNING kind, payload, state, delivery',
    [parent],
  );
  const waiting = rows.filter(({ state }) => state === 'WAITING');
  for (const name of new Set(waiting.map(queueOf))) {
    const deliveries = waiting.filter((step) => queueOf(step) === name).map(({ delivery }) => delivery);
    await boss.cancel(name, deliveries, inTransactionOf(client));
  }
}
