/** One thing to be timed: what it is called, and a run of it. */
export interface Contestant {
  name: string;
  run(): Promise<void> | void;
}

export interface Timing {
  /** Median over the runs, in milliseconds of wall time. */
  wall: number;
  /** Median over the runs, in milliseconds of processor time of all threads. */
  processor: number;
}

/**
 * Times contestants in turn, `runs` times round after one round that warms up, so that a slow spell of the machine
 * meets all of them.
 *
 * @param elsewhere processor time of other processes that work for them, in milliseconds
 */
export async function interleaved(
  contestants: readonly Contestant[],
  runs: number,
  elsewhere: () => number = () => 0,
): Promise<Map<string, Timing>> {
  const wall = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const processor = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= runs; round++) {
    for (const { name, run } of contestants) {
      const used = process.cpuUsage();
      const usedElsewhere = elsewhere();
      const start = performance.now();
      await run();
      const elapsed = performance.now() - start;
      const { user, system } = process.cpuUsage(used);
      if (round === 0) continue;
      wall.get(name)?.push(elapsed);
      processor.get(name)?.push((user + system) / 1000 + elsewhere() - usedElsewhere);
    }
  }
  return new Map(contestants.map(({ name }) => [name, { wall: median(wall.get(name)), processor: median(processor.get(name)) }]));
}

export function median(values: readonly number[] = []): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
