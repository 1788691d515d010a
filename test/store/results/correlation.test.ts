import { expect, it } from 'vitest';
import { correlation } from '../../../store/results/correlation.ts';

it('is Pearson’s r', () => {
  expect(
    correlation([
      [1, 2],
      [2, 4],
      [3, 6],
    ]),
  ).toBe(1);
  expect(
    correlation([
      [1, 6],
      [2, 4],
      [3, 2],
    ]),
  ).toBe(-1);
  // Deviations -1 0 1 and -2 1 1: sum of products 3, of squares 2 and 6
  expect(
    correlation([
      [1, 1],
      [2, 4],
      [3, 4],
    ]),
  ).toBeCloseTo(3 / Math.sqrt(12), 12);
});

it('is not defined for fewer than two points, nor where one value is always the same', () => {
  for (const points of [
    [],
    [[1, 2]],
    [
      [1, 2],
      [1, 3],
    ],
    [
      [1, 2],
      [2, 2],
    ],
  ] as [number, number][][])
    expect(correlation(points)).toBeNull();
});
