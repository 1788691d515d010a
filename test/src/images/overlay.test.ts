import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../core/grid.ts';
import { activePixels, layOver, maskScratch } from '../../../ingest/math/segmentation/upsample.ts';
import { darkenOutside, type UnitMap } from '../../../src/images/overlay.ts';

const BRIGHT = 200;
const DARK = 50;

/**
 * Two cells a side over an input of 8 x 8: centred at 1.5 and 5.5, so that pixels 0..7 lie 0 0 1/8 3/8 5/8 7/8 1 1 of
 * the way.
 */
const GRID: Grid = { height: 2, width: 2, offsetY: 1.5, offsetX: 1.5, strideY: 4, strideX: 4 };

/** The mask as it shows: `#` for a pixel left bright, `.` for a darkened one. */
function shown(
  map: Omit<UnitMap, 'inputHeight' | 'inputWidth' | 'resize'>,
  height: number,
  width: number,
  resize: UnitMap['resize'] = 'STRETCH',
): string[] {
  const pixels = new Uint8Array(height * width * 3).fill(BRIGHT);
  darkenOutside(pixels, height, width, { ...map, inputHeight: 8, inputWidth: 8, resize });
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const pixel = pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3);
      expect([DARK, BRIGHT]).toContain(pixel[0]);
      expect(new Set(pixel).size).toBe(1);
      return pixel[0] === BRIGHT ? '#' : '.';
    }).join(''),
  );
}

describe('an overlay', () => {
  it('is dark where the image was cropped off, which the network never saw', () => {
    const values = Float32Array.of(4, 4, 4, 4);
    // 4 x 8 becomes 8 x 16, of which the middle 8 x 8 stays
    expect(shown({ values, grid: GRID, threshold: 2, silent: false }, 4, 8, 'CROP')).toEqual(new Array(4).fill('..####..'));
  });

  it('lies where the image was put in a padded input', () => {
    // 4 x 8 lies in rows 2 to 5 of the input: there the map is 3.5 2.5 1.5 0.5
    const values = Float32Array.of(4, 4, 0, 0);
    expect(shown({ values, grid: GRID, threshold: 2, silent: false }, 4, 8, 'PAD')).toEqual([
      '########',
      '########',
      '........',
      '........',
    ]);
  });

  // Left of the first centre the map is 4, and it falls to 0 at the second: 4 4 3.5 2.5 1.5 0.5 0 0 along either axis
  // (over 4: their product).
  it('stays bright where the upsampled map reaches the threshold', () => {
    const values = Float32Array.of(4, 0, 0, 0);
    expect(shown({ values, grid: GRID, threshold: 2, silent: false }, 8, 8)).toEqual([
      '####....',
      '####....',
      '####....', // 3.5 * 2.5 / 4 = 2.19
      '###.....', // 2.5 * 2.5 / 4 = 1.56
      '........',
      '........',
      '........',
      '........',
    ]);
  });

  it('counts a value equal to the threshold in, unless the unit is silent', () => {
    const values = Float32Array.of(1, 1, 0, 0);
    expect(shown({ values, grid: GRID, threshold: 1, silent: false }, 8, 2)).toEqual(['##', '##', '..', '..', '..', '..', '..', '..']);
    expect(shown({ values, grid: GRID, threshold: 1, silent: true }, 8, 2)).toEqual(Array(8).fill('..'));
    expect(shown({ values, grid: GRID, threshold: 0, silent: false }, 8, 2)).toEqual(Array(8).fill('##'));
    expect(shown({ values, grid: GRID, threshold: 0, silent: true }, 8, 2)).toEqual(['##', '##', '##', '##', '##', '##', '..', '..']);
  });

  it('fits an image of another size and shape than the input', () => {
    const values = Float32Array.of(0, 0, 0, 1);
    // Rows lie at 0.5 2.5 4.5 6.5 (0, 1/4, 3/4, 1 of the way), the two columns at 1.5 and 5.5 (0 and 1).
    expect(shown({ values, grid: GRID, threshold: 0.75, silent: false }, 4, 2)).toEqual(['..', '..', '.#', '.#']);
  });

  it('shows a single cell everywhere or nowhere', () => {
    const grid = { ...GRID, height: 1, width: 1 };
    expect(shown({ values: Float32Array.of(3), grid, threshold: 3, silent: false }, 2, 3)).toEqual(['###', '###']);
    expect(shown({ values: Float32Array.of(3), grid, threshold: 3, silent: true }, 2, 3)).toEqual(['...', '...']);
  });

  it('is the mask that the dissection counts, pixel for pixel', () => {
    const sizes = fc.record({ height: fc.integer({ min: 1, max: 6 }), width: fc.integer({ min: 1, max: 6 }) });
    const layout = fc.record({ offset: fc.integer({ min: -3, max: 5 }), stride: fc.integer({ min: 1, max: 5 }) });
    const cells = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 36, maxLength: 36 });
    fc.assert(
      fc.property(sizes, sizes, layout, layout, cells, fc.integer({ min: -16, max: 16 }), (size, image, y, x, whole, quarters) => {
        const grid: Grid = { ...size, offsetY: y.offset, offsetX: x.offset, strideY: y.stride, strideX: x.stride };
        const values = Float32Array.from(whole.slice(0, grid.height * grid.width));
        const height = image.height * 2;
        const width = image.width * 2;
        const threshold = quarters / 4;

        const active = new Int32Array(height * width);
        const all = Uint32Array.from(values.keys());
        const overlay = layOver(grid, { y: { start: 0, extent: 8 }, x: { start: 0, extent: 8 } }, height, width);
        const count = activePixels(grid, overlay, all, values, 0, values.length, threshold, maskScratch(grid, width), active);
        const mask = Array.from({ length: height }, (_, row) =>
          Array.from({ length: width }, (_, column) => (active.subarray(0, count).includes(row * width + column) ? '#' : '.')).join(''),
        );
        expect(shown({ values, grid, threshold, silent: false }, height, width)).toEqual(mask);
      }),
    );
  });
});
