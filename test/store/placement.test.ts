import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeImage, shownPixels } from '../../core/placement.ts';

const size = fc.record({ height: fc.integer({ min: 1, max: 400 }), width: fc.integer({ min: 1, max: 400 }) });

describe('an image laid over the network’s input', () => {
  it('is stretched, cropped or padded as the model card says', () => {
    const image = { height: 100, width: 200 };
    const input = { height: 50, width: 50 };
    expect(placeImage('STRETCH', image, input)).toEqual({ y: { start: 0, extent: 50 }, x: { start: 0, extent: 50 } });
    expect(placeImage('CROP', image, input)).toEqual({ y: { start: 0, extent: 50 }, x: { start: -25, extent: 100 } });
    // 25 rows, of the other 25 12 above
    expect(placeImage('PAD', image, input)).toEqual({ y: { start: 12, extent: 25 }, x: { start: 0, extent: 50 } });
  });

  it('covers the input when cropped, fits into it when padded, and is centred within half a pixel', () => {
    const property = fc.property(size, size, fc.constantFrom('CROP' as const, 'PAD' as const), (image, input, resize) => {
      const { y, x } = placeImage(resize, image, input);
      for (const [{ start, extent }, whole] of [
        [y, input.height],
        [x, input.width],
      ] as const) {
        if (resize === 'CROP') expect(extent).toBeGreaterThanOrEqual(whole);
        else expect(extent).toBeLessThanOrEqual(whole);
        expect(Math.abs(start + extent / 2 - whole / 2)).toBeLessThanOrEqual(0.5);
      }
    });
    fc.assert(property);
  });
});

describe('the pixels of a mask that are shown', () => {
  it('are those whose centres lie within the input', () => {
    // 10 pixels of 10 each over -25..75: their centres at -20, -10, 0, ..., 70; within 0..50 are those at 0 to 40
    expect(shownPixels({ start: -25, extent: 100 }, 50, 10)).toEqual({ from: 2, to: 7 });
    expect(shownPixels({ start: 0, extent: 50 }, 50, 10)).toEqual({ from: 0, to: 10 });
    expect(shownPixels({ start: 12, extent: 25 }, 50, 7)).toEqual({ from: 0, to: 7 });
  });
});
