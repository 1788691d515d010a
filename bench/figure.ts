/** A ratio that a benchmark found. */
export interface Figure {
  name: string;
  value: number;
  unit: 'x';
  /** What it is a ratio to. */
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
