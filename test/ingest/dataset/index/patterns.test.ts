import { describe, expect, it } from 'vitest';
import { patternsOf } from '../../../../ingest/dataset/index/patterns.ts';

const grey = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value, value, value]));

describe('local binary patterns', () => {
  it('count bright neighbours that follow each other round the centre', () => {
    const centre = (image: Uint8Array) => patternsOf(image, 3, 3)[4];
    expect(centre(grey(1, 1, 1, 1, 5, 1, 1, 1, 1))).toBe(0);
    expect(centre(grey(9, 9, 9, 1, 5, 1, 1, 1, 1))).toBe(3);
    expect(centre(grey(9, 1, 1, 9, 5, 1, 9, 1, 1))).toBe(3);
    expect(centre(grey(9, 9, 9, 9, 5, 9, 9, 9, 9))).toBe(8);
  });

  it('call a flat place bright all round, and anything broken up by one name', () => {
    expect([...patternsOf(grey(5, 5, 5, 5), 2, 2)]).toEqual([8, 8, 8, 8]);
    expect(patternsOf(grey(9, 1, 9, 1, 5, 1, 9, 1, 9), 3, 3)[4]).toBe(9);
  });

  it('weigh colours as the eye does: green is brighter than blue', () => {
    const green = [0, 200, 0];
    const blue = [0, 0, 200];
    const pixels = Uint8Array.from([...blue, ...green]);
    expect([...patternsOf(pixels, 1, 2)]).toEqual([8, expect.any(Number)]);
    expect(patternsOf(pixels, 1, 2)[1]).toBeLessThan(8);
  });
});
