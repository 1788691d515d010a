import { once } from 'node:events';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { CLOSE, errorOf, type Message } from './protocol.ts';

const fromSources = import.meta.url.endsWith('.ts');

/** A thread that serves, as who started it sees it. One request at a time. */
export interface Servant<Ready, Request, Answer> {
  thread: Worker;
  ready: Ready;
  /** Throws what the thread threw, with its code; an error where the thread has ended. */
  ask(request: Request, handedOver?: ArrayBuffer[]): Promise<Answer>;
  /** Lets it close what it holds, and waits for its end. */
  close(): Promise<void>;
  /** Ends it whatever it does. */
  end(): Promise<unknown>;
}

/**
 * Starts a module as a thread, from the build as well as from the TypeScript sources (tests, tsx), and waits until it
 * stands.
 *
 * @param module `new URL('./name.ts', import.meta.url)`, which calls `serve`; where the code was built, `name.js`
 * beside it is meant
 * @param onStart told of the thread before it stands
 * @throws what opening the service throws, with its code
 */
export async function startThread<Data, Ready, Request, Answer>(
  module: URL,
  data: Data,
  handedOver: ArrayBuffer[] = [],
  onStart: (thread: Worker) => void = () => {},
): Promise<Servant<Ready, Request, Answer>> {
  const thread = start(module, { workerData: data, transferList: handedOver });
  onStart(thread);
  const ready = await nextMessage<Ready>(thread).catch(async (error) => {
    await thread.terminate();
    throw error;
  });
  return {
    thread,
    ready,
    ask(request, transfer = []) {
      thread.postMessage(request, transfer);
      return nextMessage<Answer>(thread);
    },
    async close() {
      if (hasEnded(thread)) return;
      const ended = once(thread, 'exit');
      thread.postMessage(CLOSE);
      await ended;
    },
    end: () => thread.terminate(),
  };
}

function start(module: URL, options: WorkerOptions): Worker {
  if (!fromSources) return new Worker(new URL(module.href.replace(/\.ts$/, '.js')), options);
  // tsx does not reach into worker threads by itself (`--import tsx` holds for the main thread only).
  const code = `import { register } from '${import.meta.resolve('tsx/esm/api')}'; register(); await import('${module.href}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), options);
}

/** What a thread says next. Rejects with what it threw, and when it has ended. */
async function nextMessage<T>(thread: Worker): Promise<T> {
  if (hasEnded(thread)) throw new Error('the thread has ended');
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(thread, 'exit', { signal }).then(([code]) => {
    throw new Error(`the thread ended with code ${code} before it answered`);
  });
  try {
    const message = await Promise.race([once(thread, 'message', { signal }).then(([said]) => said as Message<T>), ended]);
    if ('failure' in message) throw errorOf(message.failure);
    return message.value;
  } finally {
    waiting.abort();
  }
}

const hasEnded = (thread: Worker): boolean => thread.threadId === -1;
