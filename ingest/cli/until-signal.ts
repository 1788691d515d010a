/** Aborted by the first SIGINT or SIGTERM; a second ends the process at once, as Node does by itself. */
export function untilSignal(): AbortSignal {
  const told = new AbortController();
  const tell = () => {
    process.off('SIGINT', tell).off('SIGTERM', tell);
    told.abort(new Error('told to stop'));
  };
  process.on('SIGINT', tell).on('SIGTERM', tell);
  return told.signal;
}
