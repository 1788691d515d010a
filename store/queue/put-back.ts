import type { PoolClient } from 'pg';
import type { JobWithMetadata } from 'pg-boss';
import type { Delivery } from './enqueue.ts';
import type { JobQueue } from './open.ts';
import { inTransactionOf } from './transaction.ts';

/**
 * Puts what was delivered to a worker back as it was, in the transaction of `client`: others hear of it at once, and
 * the try is not counted. It keeps its id, by which steps that wait for it know it; whatever this delivery is settled
 * with afterwards no longer counts.
 */
export async function putBack(
  { boss }: JobQueue,
  client: PoolClient,
  { name, id, retryCount, retryLimit }: JobWithMetadata<Delivery>,
): Promise<void> {
  const within = inTransactionOf(client);
  await boss.cancel(name, { id, retryCount }, within);
  await boss.resume(name, id, within);
  await boss.update(name, undefined, { id, retryLimit: retryLimit + 1, ...within });
}
