import { expect, it } from 'vitest';
import { iterationOf } from '../../../../ingest/tasks/watch/iteration.ts';

it.each([
  ['scenes-alexnet@400', 400],
  ['net-00400', 400],
  ['net_step400', 400],
  ['epoch=12', 12],
  ['checkpoint-7', 7],
  ['12', 12],
  ['resnet18', null],
  ['final', null],
  ['net@99999999999', null],
])('reads the iteration at the end of %s as %s', (stem, iteration) => {
  expect(iterationOf(stem)).toBe(iteration);
});

it('reads it where a pattern says, and nowhere else', () => {
  expect(iterationOf('run7_step_0300_final', 'step_(\\d+)')).toBe(300);
  expect(iterationOf('net@400', 'step_(\\d+)')).toBeNull();
});

it.each(['(', 'step_\\d+'])('refuses the pattern %s', (pattern) => {
  expect(() => iterationOf('net', pattern)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});
