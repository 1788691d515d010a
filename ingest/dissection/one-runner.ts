import type { Reading, Runner } from '../engine/engine.ts';

/** Runs a network for some readings at a time, so that two runners never hold memory at once. */
export interface OneRunner {
  /** What runs already where it gives these readings, else another in its place. */
  of(readings: readonly Reading[]): Promise<Runner>;
  close(): Promise<void>;
}

export function oneRunner(start: (readings: readonly Reading[]) => Promise<Runner>): OneRunner {
  let running: { readings: readonly Reading[]; runner: Runner } | null = null;
  const close = async () => {
    await running?.runner.close();
    running = null;
  };
  const gives = (readings: readonly Reading[]) =>
    running?.readings.length === readings.length &&
    running.readings.every(({ name, rotation }, i) => name === readings[i].name && rotation === readings[i].rotation);
  return {
    async of(readings) {
      if (running && gives(readings)) return running.runner;
      await close();
      running = { readings, runner: await start(readings) };
      return running.runner;
    },
    close,
  };
}
