/** The queues, and how patient they are. */
import type { JobKind } from '../generated/enums.ts';

/** pg-boss's own PostgreSQL schema: apart from the store's tables, and from those of another program that uses pg-boss. */
export const QUEUE_SCHEMA = 'dissectory_queue';

/** Long work and short work wait apart, so that registering a model never waits for a dissection, and who has an image explained for neither. */
export type QueueName = 'dissections' | 'errands' | 'explanations';

export const QUEUE_OF: Readonly<Record<JobKind, QueueName>> = {
  DISSECT: 'dissections',
  REGISTER_MODEL: 'errands',
  REGISTER_DATASET: 'errands',
  SCAN: 'errands',
  DISSECT_SERIES: 'errands',
  EXPERIMENT: 'dissections',
  EXPLAIN: 'explanations',
  DISSECT_SHARD: 'dissections',
};

/** Where jobs go that cannot be done, with the reason. */
export const DEAD = 'dead';
/** What cron schedules send: requests for jobs. */
export const SCHEDULED = 'scheduled';
/** Messages to the outside, one an ended dissection job. */
export const WEBHOOKS = 'webhooks';

/** A worker that has not been heard of for so long is taken for dead, and its job given to another. pg-boss takes no less. */
export const HEARTBEAT_SECONDS = 10;
/** How often it is looked for such workers. */
export const SUPERVISE_SECONDS = 2;
/** Times that a job is given to a worker again, after an error that may pass and after a worker's death alike. */
export const RETRIES = 10;
/** Between two tries at most. With the heartbeat above it stays within the half minute in which another worker must have a job. */
export const RETRY_DELAY_MAX_SECONDS = 8;
/** pg-boss's limit. A longer job is taken up again where it was. */
export const EXPIRE_SECONDS = 24 * 3600;
