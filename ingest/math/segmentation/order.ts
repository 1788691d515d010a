/**
 * Order-preserving integers for float32 values: `a < b` as floats exactly when `keyOf(a) < keyOf(b)`.
 * Negative zero must have been made positive before (see `candidates.ts`).
 */

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The key of a float32's bit pattern: what a loop over an Int32Array view of the values applies. */
export function keyOfBits(pattern: number): number {
  return pattern ^ ((pattern >> 31) & 0x7fffffff);
}

/** Signed 32-bit key of a float32. */
export function keyOf(value: number): number {
  float[0] = value + 0;
  return keyOfBits(bits[0]);
}

/** The float32 of a key. */
export function floatOf(key: number): number {
  bits[0] = keyOfBits(key);
  return float[0];
}

/** The largest float32 below a finite value. */
export function justBelow(value: number): number {
  // One key below 0 lies -0, which is not less than 0.
  return value === 0 ? -(2 ** -149) : floatOf(keyOf(value) - 1);
}

const double = new Float64Array(1);
const wide = new BigInt64Array(double.buffer);

/** The smallest float64 above a finite value: `s > value` is `s >= nextAbove(value)`. */
export function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  double[0] = value;
  wide[0] += value > 0 ? 1n : -1n;
  return double[0];
}
