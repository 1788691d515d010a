import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ctrl-C, `kill` and `timeout`, a terminal that was closed. */
export const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface WayOut {
  /** From now on the command itself hears signals; nobody reading its output still ends it. */
  handOver(): void;
  /** Nothing is open any more. */
  done(): void;
}

const PATIENCE_MS = 10_000;

/**
 * On a signal, and where its output is not read any more, `close` is called and the process ends as the signal would
 * have ended it. A second signal ends it at once.
 */
export function wayOut(close: () => Promise<void>): WayOut {
  let ending = false;
  const handOver = () => {
    for (const signal of END_SIGNALS) process.off(signal, end);
  };

  function end(signal: (typeof END_SIGNALS)[number]): void {
    handOver();
    leave(() => process.kill(process.pid, signal));
  }

  function leave(last: () => void): void {
    if (ending) return;
    ending = true;
    void Promise.race([close().catch(() => {}), sleep(PATIENCE_MS)]).then(last);
  }

  const unread = (error: NodeJS.ErrnoException) => {
    const sentence = error.code === 'EPIPE' ? null : `standard output cannot be written (${error.code})`;
    leave(() => {
      if (sentence) process.stderr.write(`dissectory: ${sentence}: send it elsewhere.\n`);
      // What SIGPIPE would have ended it with; Node ignores that signal
      process.exit(sentence === null ? 128 + constants.signals.SIGPIPE : 1);
    });
  };

  for (const signal of END_SIGNALS) process.on(signal, end);
  process.stdout.removeAllListeners('error').on('error', unread);
  return {
    handOver,
    done() {
      handOver();
      process.stdout.off('error', unread).on('error', endUnread);
    },
  };
}

/** Where nothing is open: nobody reads, so there is nobody to tell. */
export function endUnread({ code }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') process.stderr.write(`dissectory: standard output cannot be written (${code}): send it elsewhere.\n`);
  process.exit(code === 'EPIPE' ? 128 + constants.signals.SIGPIPE : 1);
}
