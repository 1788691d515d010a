import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded, so that a run can be repeated as far as processes allow. From 0 up to 1. */
export function randomOf(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => (generator.next() >>> 0) / 2 ** 32;
}
