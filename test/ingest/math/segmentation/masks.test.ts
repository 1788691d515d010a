import { expect, it } from 'vitest';
import { emptyCandidates, keepBatch } from '../../../../ingest/math/segmentation/candidates.ts';
import { eachMask, emptyBuffer, emptySurfaces } from '../../../../ingest/math/segmentation/masks.ts';
import { upsample } from './plain.ts';

const SIDE = 4;
const GRID = { height: SIDE, width: SIDE, offsetY: 3.5, offsetX: 3.5, strideY: 8, strideX: 8 };
const INPUT = 32;
const PLACED = { y: { start: 0, extent: INPUT }, x: { start: 0, extent: INPUT } };
const MAP = Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i * 7) % 11);

it('masks of thousands of sizes are right, and what is remembered of them does not grow', () => {
  const kept = emptyCandidates(SIDE * SIDE);
  keepBatch(kept, [0], MAP, Float32Array.of(11), Float32Array.of(-Infinity), SIDE, SIDE);
  const buffer = emptyBuffer();
  const surfaces = emptySurfaces(buffer);
  const bounds = Float64Array.of(6);
  const found = (height: number, width: number): number[] => {
    let pixels: number[] = [];
    eachMask({ grid: GRID, bounds, surfaces }, { height, width }, PLACED, kept, 0, 1, (_, active, count) => {
      pixels = [...active.subarray(0, count)].sort((a, b) => a - b);
    });
    return pixels;
  };
  const expected = (height: number, width: number) =>
    upsample(MAP, GRID, INPUT, height, width).flatMap((value, p) => (value >= 6 ? [p] : []));
  let most = 0;
  for (let height = 5; height < 55; height++)
    for (let width = 5; width < 55; width++) {
      const pixels = found(height, width);
      if ((height * width) % 97 === 0) expect(pixels, `${height} x ${width}`).toEqual(expected(height, width));
      most = Math.max(most, surfaces.known.size);
    }
  expect(found(5, 5)).toEqual(expected(5, 5));
  expect(most).toBeLessThanOrEqual(64);
  expect(buffer.pixels.length).toBe(54 * 54);
});
