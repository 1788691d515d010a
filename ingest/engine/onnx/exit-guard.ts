/**
 * ONNX Runtime aborts the whole process when its thread is taken away in the middle of a call. So the process, when it
 * ends, waits for the call under way, and none begins after.
 */
const IDLE = 0;
const CALLING = 1;
const ENDED = 2;

/** Milliseconds after which a call is given up for lost. */
const LONGEST_CALL = 60_000;

/** A state both threads see; begins as if a call were under way: the one that opens the session. */
export type CallState = Int32Array<SharedArrayBuffer>;

export function newCallState(): CallState {
  const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  state[0] = CALLING;
  return state;
}

/** On the main thread. Gives a function that lifts the guard. */
export function guardExit(state: CallState): () => void {
  const wait = () => {
    while (Atomics.compareExchange(state, 0, IDLE, ENDED) === CALLING) {
      if (Atomics.wait(state, 0, CALLING, LONGEST_CALL) === 'timed-out') return;
    }
  };
  process.on('exit', wait);
  return () => process.off('exit', wait);
}

/** On the session's thread: the call is over. */
export function endCall(state: CallState): void {
  Atomics.store(state, 0, IDLE);
  Atomics.notify(state, 0);
}

/** On the session's thread, before each call but the first. */
export function beginCall(state: CallState): void {
  if (Atomics.compareExchange(state, 0, IDLE, CALLING) === ENDED) throw new Error('the process is ending');
}
