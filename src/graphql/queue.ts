import { type JobQueue, openQueue } from '../../store/queue/open.ts';
import type { Store } from '../../store/store.ts';

/**
 * The job queue as the server uses it: opened by the first request that asks for a job, as most servers only answer
 * queries.
 */
export interface LazyQueue {
  open(): Promise<JobQueue>;
  close(): Promise<void>;
}

/** @param onError told what goes wrong beside requests, such as a lost connection */
export function lazyQueue(store: Store, onError: (error: Error) => void): LazyQueue {
  let opened: Promise<JobQueue> | null = null;
  return {
    open() {
      opened ??= openQueue(store, 'client', onError).catch((error) => {
        opened = null; // the next request tries again
        throw error;
      });
      return opened;
    },
    close: async () => (await opened?.catch(() => null))?.close(),
  };
}
