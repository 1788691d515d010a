import type { Worker } from 'node:worker_threads';
import { nextMessage, startThread } from '../../threads/thread.ts';
import { errorOf } from './failure.ts';
import type { Reply, ThreadData } from './thread.ts';

export function startNetworkThread(data: ThreadData): Worker {
  // TensorFlow would log below progress and --json. It reads the environment of the process: that of a thread is a copy.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // Else it says at every start that roundings may differ, in lines that no log level holds back; without, they do not.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  return startThread(new URL('./thread.ts', import.meta.url), { workerData: data });
}

/** What the thread says next. Rejects with what it reports to have failed. */
export async function answerOf<T extends object>(thread: Worker): Promise<T> {
  const reply = await nextMessage<Reply<T>>(thread);
  if ('failure' in reply) throw errorOf(reply.failure);
  return reply;
}
