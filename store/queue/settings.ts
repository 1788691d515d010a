/** The queues, and how patient they are. */

import { partsOfTarget, readTarget, TARGETS, type Target } from '../../core/targets.ts';
import type { Job } from '../../prisma/generated/client.ts';
import type { JobKind } from '../../prisma/generated/enums.ts';

/**
 * pg-boss's own PostgreSQL schema: apart from the store's tables, and from those of another program that uses pg-boss.
 */
export const QUEUE_SCHEMA = 'dissectory_queue';

/**
 * Long work and short work wait apart, so that registering a model never waits for a dissection, and who has an image
 * explained for neither.
 */
export type QueueName = 'dissections' | 'errands' | 'explanations';

const QUEUE_OF: Readonly<Record<JobKind, QueueName>> = {
  DISSECT: 'dissections',
  REGISTER_MODEL: 'errands',
  REGISTER_DATASET: 'errands',
  SCAN: 'errands',
  DISSECT_SERIES: 'errands',
  EXPERIMENT: 'dissections',
  EXPLAIN: 'explanations',
  DISSECT_SHARD: 'dissections',
};

/** Of the dissections that are to run at a target; those of no target are anybody's. */
export function queueOfTarget(target: Target): string {
  const { format, device } = partsOfTarget(target);
  return `dissections-${format}-${device}`;
}

export const QUEUES: readonly string[] = [...new Set<string>(Object.values(QUEUE_OF)), ...TARGETS.map(queueOfTarget)];

export function queueOf({ kind, payload }: Pick<Job, 'kind' | 'payload'>): string {
  const target = targetOfPayload(payload);
  // Of what asks for dissections, a scan or a series, the dissections alone must run there.
  return target === null || QUEUE_OF[kind] !== 'dissections' ? QUEUE_OF[kind] : queueOfTarget(target);
}

export function targetOfPayload(payload: Job['payload']): Target | null {
  return payload !== null && typeof payload === 'object' && 'runsOn' in payload ? readTarget(payload.runsOn) : null;
}

/** Where jobs go that cannot be done, with the reason. */
export const DEAD = 'dead';
/** What cron schedules send: requests for jobs. */
export const SCHEDULED = 'scheduled';
/** Messages to the outside, one an ended dissection job. */
export const WEBHOOKS = 'webhooks';

/**
 * A worker that has not been heard of for so long is taken for dead, and its job given to another. pg-boss takes no
 * less.
 */
export const HEARTBEAT_SECONDS = 10;
/** How often workers say which queues they look after; after three times without a word they count as gone. */
export const INSTANCE_HEARTBEAT_SECONDS = 5;
/** How often it is looked for workers whose job is to be taken from them. */
export const SUPERVISE_SECONDS = 2;
/** How often the queue looks by itself which steps have become ready. */
export const FLOW_SECONDS = 1;
/** Times that a job is given to a worker again, after an error that may pass and after a worker's death alike. */
export const RETRIES = 10;
/**
 * Between two tries at most. With the heartbeat above it stays within the half minute in which another worker must have
 * a job.
 */
export const RETRY_DELAY_MAX_SECONDS = 8;
/** pg-boss's limit. A longer job is taken up again where it was. */
export const EXPIRE_SECONDS = 24 * 3600;
