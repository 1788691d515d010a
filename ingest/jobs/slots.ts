/** Dissections that a worker does at the same time, whichever queues they come from. */
export interface Slots {
  /** False where none is free. */
  take(): boolean;
  give(): void;
  /** Until one may be free again. */
  freed(): Promise<void>;
}

export function newSlots(count: number): Slots {
  let free = count;
  let waiting: (() => void)[] = [];
  return {
    take() {
      if (free === 0) return false;
      free--;
      return true;
    },
    give() {
      free++;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    freed: () => (free > 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
