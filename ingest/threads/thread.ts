import { once } from 'node:events';
import { Worker, type WorkerOptions } from 'node:worker_threads';

const fromSources = import.meta.url.endsWith('.ts');

/**
 * Starts a module as a worker thread, from the build as well as from the TypeScript sources (tests, tsx).
 *
 * `module`: `new URL('./name.ts', import.meta.url)`; where the code was built, `name.js` beside it is meant.
 */
export function startThread(module: URL, options: WorkerOptions = {}): Worker {
  if (!fromSources) return new Worker(new URL(module.href.replace(/\.ts$/, '.js')), options);
  // tsx does not reach into worker threads by itself (`--import tsx` holds for the main thread only).
  const code = `import { register } from '${import.meta.resolve('tsx/esm/api')}'; register(); await import('${module.href}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), options);
}

/** What a thread says next. Rejects with what it threw, and when it has ended. */
export async function nextMessage<T>(thread: Worker): Promise<T> {
  if (hasEnded(thread)) throw new Error('the thread has ended');
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(thread, 'exit', { signal }).then(([code]) => {
    throw new Error(`the thread ended with code ${code} before it answered`);
  });
  try {
    return await Promise.race([once(thread, 'message', { signal }).then(([message]) => message), ended]);
  } finally {
    waiting.abort();
  }
}

export function hasEnded(thread: Worker): boolean {
  return thread.threadId === -1;
}
