/** What a benchmark found: a ratio, or the time behind one. */
export interface Figure {
  name: string;
  value: number;
  unit: 'x' | 'ms';
  /** What it is a ratio to; of a time, what was timed. */
  against: string;
  runs: number;
}

export interface Benchmark {
  name: string;
  /** Null where this machine cannot run it, with `why` printed. */
  measure(): Promise<Figure[] | { why: string }>;
}

export function ratio(name: string, value: number, against: string, runs: number): Figure {
  return { name, value: Number(value.toPrecision(4)), unit: 'x', against, runs };
}

export function milliseconds(name: string, value: number, timed: string, runs: number): Figure {
  return { name, value: Number(value.toPrecision(4)), unit: 'ms', against: timed, runs };
}
