import { describe, expect, it } from 'vitest';
import { anchorAxis, type Grid } from '../../../../core/grid.ts';
import { activePixels, layOver, maskScratch } from '../../../../ingest/math/segmentation/upsample.ts';
import { upsample } from './plain.ts';

describe('anchored axis', () => {
  it('puts mask pixels where the worked example of the docstring says', () => {
    const axis = anchorAxis(14, 0, 8, 112, 56);
    expect([axis.lower[0], axis.upper[0], axis.weight[0]]).toEqual([0, 1, 0.0625]); // 0.5 / 8
    expect([axis.lower[3], axis.weight[3]]).toEqual([0, 0.8125]); // 6.5 / 8
    expect([axis.lower[4], axis.weight[4]]).toEqual([1, 0.0625]); // 8.5 / 8
    expect([axis.lower[55], axis.upper[55], axis.weight[55]]).toEqual([12, 13, 1]); // 110.5 / 8 = 13.81, clamped to the last cell
  });

  it('clamps before the first centre', () => {
    const axis = anchorAxis(3, 6.5, 16, 40, 4); // pixels at 4.5, 14.5, 24.5, 34.5; centres at 6.5, 22.5, 38.5
    expect(Array.from(axis.lower)).toEqual([0, 0, 1, 1]);
    expect(Array.from(axis.weight)).toEqual([0, 0.5, 0.125, 0.75]);
  });

  it('reads a single cell everywhere', () => {
    const axis = anchorAxis(1, 5.5, 12, 12, 3);
    expect([...axis.lower, ...axis.upper, ...axis.weight]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('upsampling', () => {
  const grid: Grid = { height: 2, width: 2, offsetY: 0.5, offsetX: 0.5, strideY: 2, strideX: 2 };

  it('is bilinear between four cells, constant beyond them', () => {
    // Input 4, mask 4: pixel i lies at i; cells at 0.5 and 2.5: cell coordinates 0 (clamped), 0.25, 0.75, 1 (clamped).
    expect(upsample(Float32Array.of(0, 4, 8, 12), grid, 4, 4, 4)).toEqual([0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12]);
  });

  it('finds the pixels at or above a bound, ties included', () => {
    const overlay = layOver(grid, { y: { start: 0, extent: 4 }, x: { start: 0, extent: 4 } }, 4, 4);
    const active = new Int32Array(16);
    const at = (bound: number) => {
      const found = activePixels(
        grid,
        overlay,
        Uint32Array.of(0, 1, 2, 3),
        Float32Array.of(0, 4, 8, 12),
        0,
        4,
        bound,
        maskScratch(grid, 4),
        active,
      );
      return Array.from(active.subarray(0, found)).sort((a, b) => a - b);
    };
    expect(at(9)).toEqual([10, 11, 13, 14, 15]);
    expect(at(12)).toEqual([15]);
    expect(at(12.5)).toEqual([]);
    expect(at(0)).toHaveLength(16);
  });
});
