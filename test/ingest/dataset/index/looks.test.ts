import { describe, expect, it } from 'vitest';
import { addLooks, emptyLooks, sharesOf } from '../../../../ingest/dataset/index/looks.ts';
import { PATTERNS } from '../../../../ingest/dataset/index/patterns.ts';

const RED = 0;
const BLUE = 1;
const DOG = 2;
const STREET = 3;

describe('what the pixels of a concept look like', () => {
  it('is counted under each colour and pattern, a concept of the whole image everywhere', () => {
    const looks = emptyLooks([true, true, false, false]);
    const labels = {
      height: 1,
      width: 2,
      present: [],
      whole: Int32Array.of(STREET),
      maps: [Uint16Array.of(RED + 1, BLUE + 1), Uint16Array.of(DOG + 1, 0)],
      ignored: [],
    };
    // the image is twice the mask: its four pixels lie two and two over the mask's
    const pixels = addLooks(looks, labels, Uint8Array.of(0, 3, 8, 8), 1, 4);
    expect(Object.fromEntries(pixels)).toEqual({ [RED]: 1, [BLUE]: 1, [DOG]: 1, [STREET]: 2 });
    expect([...looks.colors]).toEqual([1, 0, 0, 1, 1, 0, 1, 1]);
    const patterns = (concept: number) => [...looks.patterns.subarray(concept * PATTERNS, (concept + 1) * PATTERNS)];
    expect(patterns(DOG)).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(patterns(BLUE)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
    expect(patterns(STREET)).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 2, 0]);
  });

  it('becomes shares, none where nothing was counted', () => {
    expect(sharesOf(Float64Array.of(9, 1, 3), 1, 3)).toEqual([0.25, 0.75]);
    expect(sharesOf(Float64Array.of(0, 0), 0, 2)).toEqual([]);
  });
});
