import { PgBoss, type Queue } from 'pg-boss';
import type { Store } from '../store.ts';
import {
  DEAD,
  EXPIRE_SECONDS,
  FLOW_SECONDS,
  HEARTBEAT_SECONDS,
  INSTANCE_HEARTBEAT_SECONDS,
  QUEUE_SCHEMA,
  QUEUES,
  RETRIES,
  RETRY_DELAY_MAX_SECONDS,
  SCHEDULED,
  SUPERVISE_SECONDS,
  WEBHOOKS,
} from './settings.ts';

/** The open queue: pg-boss beside the store's tables, in the same database. */
export interface JobQueue {
  store: Store;
  boss: PgBoss;
  close(): Promise<void>;
}

/**
 * Opens the queue of a store; makes its tables where there are none.
 *
 * @param role `worker` takes jobs, looks after those of dead workers and sends what schedules say; `client` only asks
 * for jobs
 * @param onError told what goes wrong in the background, such as a lost connection, which pg-boss gets over by itself
 */
export async function openQueue(store: Store, role: 'worker' | 'client', onError: (error: Error) => void = () => {}): Promise<JobQueue> {
  const isWorker = role === 'worker';
  const boss = new PgBoss({
    connectionString: store.url,
    schema: QUEUE_SCHEMA,
    application_name: `dissectory ${role}`,
    max: isWorker ? 4 : 2,
    supervise: isWorker,
    schedule: isWorker,
    useListenNotify: isWorker,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    flowIntervalSeconds: FLOW_SECONDS,
    registerInstance: isWorker,
    instanceHeartbeatSeconds: INSTANCE_HEARTBEAT_SECONDS,
  });
  boss.on('error', onError);
  const close = () => boss.stop({ graceful: false });
  try {
    await boss.start();
    await makeQueues(boss);
  } catch (error) {
    await close(); // what has started by then would keep the process alive for ever
    throw error;
  }
  return { store, boss, close };
}

/** pg-boss forgets what nobody took for two weeks, unless told otherwise. */
const YEAR = 365 * 24 * 3600;

/** Those that are there stay as they are: to ask for each again would cost every start a dozen round trips. */
async function makeQueues(boss: PgBoss): Promise<void> {
  const existing = new Set((await boss.getQueues()).map(({ name }) => name));
  const make = async (name: string, options: Omit<Queue, 'name'>) => void (existing.has(name) || (await boss.createQueue(name, options)));
  const retries = { retryLimit: RETRIES, retryDelay: 1, retryBackoff: true, retryDelayMax: RETRY_DELAY_MAX_SECONDS };
  await make(DEAD, { ...retries, notify: true });
  const work = {
    ...retries,
    retentionSeconds: YEAR,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: EXPIRE_SECONDS,
    deadLetter: DEAD,
    notify: true,
  };
  for (const name of QUEUES) await make(name, work);
  await make(SCHEDULED, { ...retries, notify: true });
  // Seconds, minutes, an hour: a receiver that is being updated hears of it afterwards
  await make(WEBHOOKS, { retryLimit: 12, retryDelay: 2, retryBackoff: true, retryDelayMax: 3600, notify: true });
}
