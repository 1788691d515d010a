export interface Examples {
  /** count x units, one example after the other. */
  features: Float32Array;
  units: number;
  count: number;
}

/** An example with the feature that is always 1 behind. */
export function augmented({ features, units }: Examples, i: number): Float64Array {
  const row = new Float64Array(units + 1);
  row.set(features.subarray(i * units, (i + 1) * units));
  row[units] = 1;
  return row;
}
