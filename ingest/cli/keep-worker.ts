import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { END_SIGNALS } from './way-out.ts';

const AGAIN_AFTER_MS = 5000;

/**
 * Keeps a worker running as a process of its own, which is started again where it ends, until this process is told to
 * stop.
 *
 * @returns ends it, and waits until it has put its jobs back
 */
export function keepWorker(): () => Promise<void> {
  const stopping = new AbortController();
  let worker: ChildProcess;
  const stop = () => {
    stopping.abort();
    worker.kill('SIGTERM');
  };
  for (const signal of END_SIGNALS) process.once(signal, stop);

  const kept = (async () => {
    while (!stopping.signal.aborted) {
      worker = spawn(process.execPath, [...process.execArgv, process.argv[1], 'worker'], {
        // By the channel the worker learns that this process was killed: see end-with-parent.ts
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: { DISSECTORY_LOG_LEVEL: 'warn', ...process.env },
        // Out of reach of the terminal's own Ctrl+C: two signals would end it at once, with its job in hand
        detached: true,
      });
      await once(worker, 'exit');
      await sleep(AGAIN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return () => {
    stop();
    return kept;
  };
}
