import { expect, it } from 'vitest';
import { addImage, emptyAblation, withoutEachUnit } from '../../../../ingest/math/linear/ablation-tally.ts';

it('counts what two classes lose with each of two units zeroed, worked out by hand', () => {
  const weights = [Float32Array.of(2, 0), Float32Array.of(1, 1)];
  const tally = emptyAblation(2, 2);

  // x = (3, 1): scores 6 and 4; without unit 0: 0 and 1; without unit 1: 6 and 3
  const first = withoutEachUnit(weights, Float64Array.of(3, 1), [6, 4]);
  expect([...first]).toEqual([0, 1, 6, 3]);
  addImage(tally, 0, [6, 4], first);
  // x = (1, 2): scores 2 and 3; without unit 0: 0 and 2; without unit 1: 2 and 1
  addImage(tally, 1, [2, 3], withoutEachUnit(weights, Float64Array.of(1, 2), [2, 3]));

  expect([...tally.images]).toEqual([1, 1]);
  expect([...tally.scoreDrops]).toEqual([6, 0, 1, 2]);
  expect([...tally.losses]).toEqual([1, 0, 0, 1]);
});

it('counts an image as gained that is told right only without the unit', () => {
  const tally = emptyAblation(2, 1);
  addImage(tally, 1, [1, 0], Float64Array.of(-1, 0));
  expect([...tally.losses]).toEqual([0, -1]);
});
