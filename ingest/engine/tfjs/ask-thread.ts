import type { Worker } from 'node:worker_threads';
import { nextMessage, startThread } from '../../threads/thread.ts';
import { errorOf } from './failure.ts';
import type { Reply, ThreadData } from './thread.ts';

export function startNetworkThread(data: ThreadData): Worker {
  return startThread(new URL('./thread.ts', import.meta.url), { workerData: data });
}

/** What the thread says next. Rejects with what it reports to have failed. */
export async function answerOf<T extends object>(thread: Worker): Promise<T> {
  const reply = await nextMessage<Reply<T>>(thread);
  if ('failure' in reply) throw errorOf(reply.failure);
  return reply;
}
