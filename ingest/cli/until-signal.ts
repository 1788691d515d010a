import { END_SIGNALS } from './way-out.ts';

/** Aborted by the first SIGINT, SIGTERM or SIGHUP; a second ends the process at once, as Node does by itself. */
export function untilSignal(): AbortSignal {
  const told = new AbortController();
  const tell = () => {
    for (const signal of END_SIGNALS) process.off(signal, tell);
    told.abort(new Error('told to stop'));
  };
  for (const signal of END_SIGNALS) process.on(signal, tell);
  return told.signal;
}
