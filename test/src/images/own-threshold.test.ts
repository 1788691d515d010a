import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../core/grid.ts';
import { darkenOutside } from '../../../src/images/overlay.ts';
import { withOwnThreshold } from '../../../src/images/own-threshold.ts';

/**
 * Two cells a side over an input of 8 x 8: centred at 1.5 and 5.5, so that pixels 0..7 lie 0 0 1/8 3/8 5/8 7/8 1 1 of
 * the way.
 */
const GRID: Grid = { height: 2, width: 2, offsetY: 1.5, offsetX: 1.5, strideY: 4, strideX: 4 };
const SQUARE = { inputHeight: 8, inputWidth: 8, resize: 'STRETCH' } as const;
const mapOf = (...values: number[]) => ({ values: Float32Array.from(values), grid: GRID, ...SQUARE });

describe("the threshold of a unit's mask on an image", () => {
  it('is the 13th largest of the 64 values of the upsampled map', () => {
    // Rows fall 4 4 3.5 2.5 1.5 0.5 0 0, each of them eight times: floor(0.2 * 64) = 12 may be greater
    expect(withOwnThreshold(mapOf(4, 4, 0, 0), { height: 8, width: 8 })).toMatchObject({ threshold: 4, silent: false });
    // 4 x 4 values a corner; along an edge 8 times 4 4 3.5 2.5 ... over 4: the largest are 4 (four times), then 3.5
    // (four), 3.0625, then 2.5 (four)
    expect(withOwnThreshold(mapOf(4, 0, 0, 0), { height: 8, width: 8 })).toMatchObject({ threshold: 2.5, silent: false });
  });

  it('is the smallest value, and the mask what is greater, where the unit is silent on most of the image', () => {
    const grid = { height: 1, width: 8, offsetY: 3.5, offsetX: 0.5, strideY: 8, strideX: 1 };
    const map = { values: Float32Array.of(9, 0, 0, 0, 0, 0, 0, 0), grid: { ...grid, offsetX: 0 }, ...SQUARE };
    expect(withOwnThreshold(map, { height: 8, width: 8 })).toMatchObject({ threshold: 0, silent: true });
  });

  it('leaves out what of the input shows nothing of the image', () => {
    // 4 x 8 is padded to rows 2 to 5, which read 3.5 2.5 1.5 0.5, each eight times: of 32 values 6 may be greater
    const map = { ...mapOf(4, 4, 0, 0), resize: 'PAD' as const };
    expect(withOwnThreshold(map, { height: 4, width: 8 })).toMatchObject({ threshold: 3.5, silent: false });
    // 8 x 4 into columns 2 to 5 of all eight rows: 4 4 3.5 ..., each four times; again 6
    expect(withOwnThreshold(map, { height: 8, width: 4 })).toMatchObject({ threshold: 4, silent: false });
  });

  it('leaves at most a fifth of the image strictly above it, and no less than that at or above', () => {
    const value = fc.float({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), (values) => {
        const map = withOwnThreshold(mapOf(...values), { height: 8, width: 8 });
        const bright = (silent: boolean) => {
          const pixels = new Uint8Array(8 * 8 * 3).fill(200);
          darkenOutside(pixels, 8, 8, { ...map, silent });
          return pixels.filter((channel) => channel === 200).length / 3;
        };
        expect(bright(true)).toBeLessThanOrEqual(12);
        expect(bright(false)).toBeGreaterThan(12);
      }),
    );
  });
});
