import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passSequence } from '../../../ingest/dissection/sequence.ts';

describe('passSequence', () => {
  it('passes every image once, the same way each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), (count) => {
        const sequence = passSequence(count);
        expect(sequence.toSorted()).toEqual(Uint32Array.from({ length: count }, (_, i) => i));
        expect(passSequence(count)).toEqual(sequence);
      }),
      { numRuns: 40 },
    );
  });

  it('takes its first images from all over a dataset sorted by kind', () => {
    for (const count of [100, 1000, 2000, 63_305]) {
      const tenths = new Set([...passSequence(count).subarray(0, 64)].map((image) => Math.floor((image * 10) / count)));
      expect(tenths.size).toBe(10);
    }
  });
});
