import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classAccuracies } from '../../../../ingest/math/linear/accuracy.ts';
import type { Examples } from '../../../../ingest/math/linear/examples.ts';
import { minimumAlong } from '../../../../ingest/math/linear/line-search.ts';
import { trainSvm } from '../../../../ingest/math/linear/svm.ts';

const examplesOf = (rows: readonly (readonly number[])[]): Examples => ({
  features: Float32Array.from(rows.flat()),
  units: rows[0].length,
  count: rows.length,
});

describe('trainSvm', () => {
  it('finds the minimum worked out by hand: 1 and -1 on a line', () => {
    // 1/2 w^2 + 2 C (1 - w)^2 is least at w = 4 C / (1 + 4 C); by symmetry b = 0
    const svm = trainSvm(examplesOf([[1], [-1]]), Int8Array.from([1, -1]), 0.5);
    expect(svm.weights[0]).toBeCloseTo(2 / 3, 12);
    expect(svm.bias).toBeCloseTo(0, 12);
    expect(svm.objective).toBeCloseTo(2 / 9 + 1 / 9, 12);
  });

  it('agrees with liblinear as scikit-learn runs it: objective, weights, predictions, accuracy', () => {
    const folder = path.join(import.meta.dirname, '../../../fixtures/svm');
    const { train, test } = JSON.parse(readFileSync(path.join(folder, 'features.json'), 'utf8'));
    const reference = JSON.parse(readFileSync(path.join(folder, 'reference.json'), 'utf8'));
    const svms = reference.objectives.map((_: number, c: number) =>
      trainSvm(
        examplesOf(train.features),
        Int8Array.from(train.classes, (one) => (one === c ? 1 : -1)),
        0.001,
      ),
    );
    for (const [c, svm] of svms.entries()) {
      expect(svm.objective / reference.objectives[c]).toBeCloseTo(1, 6);
      expect(svm.bias).toBeCloseTo(reference.biases[c], 5);
      for (const [unit, weight] of reference.weights[c].entries()) expect(svm.weights[unit]).toBeCloseTo(weight, 5);
    }
    const predicted = test.features.map((row: number[]) => {
      const scores = svms.map(({ weights, bias }: { weights: Float64Array; bias: number }) =>
        row.reduce((sum, x, unit) => sum + weights[unit] * Math.fround(x), bias),
      );
      return scores.indexOf(Math.max(...scores));
    });
    expect(predicted).toEqual(reference.predicted);
    expect(classAccuracies(predicted, test.classes, svms.length).mean).toBe(reference.accuracy);
  });

  it('ends where primal and dual objective meet, on any data', () => {
    const value = fc.integer({ min: -2000, max: 2000 });
    const problem = fc.integer({ min: 1, max: 6 }).chain((units) =>
      fc.record({
        rows: fc.array(fc.array(value, { minLength: units, maxLength: units }), { minLength: 2, maxLength: 30 }),
        seed: fc.infiniteStream(fc.boolean()),
        c: fc.constantFrom(0.001, 0.1, 10),
      }),
    );
    fc.assert(
      fc.property(problem, ({ rows, seed, c }) => {
        const sides = Int8Array.from(rows, () => (seed.next().value ? 1 : -1));
        const svm = trainSvm(examplesOf(rows), sides, c);
        expect(Math.abs(svm.gap)).toBeLessThan(1e-6);
        expect(svm.steps).toBeLessThan(200);
      }),
      { numRuns: 200 },
    );
  });
});

describe('minimumAlong', () => {
  it('stops beyond the examples that cross the margin, where the derivative is 0', () => {
    // One unknown from w = 0 along d = 1, C = 1/2: 1/2 t^2 + 1/2 max(0, 1 - 2t)^2 is least at t = 2 / 5, before the
    // crossing at 1 / 2
    const along = (slopes: number[]) =>
      minimumAlong(new Float64Array(1), Float64Array.of(1), new Float64Array(slopes.length), Float64Array.from(slopes), 0.5);
    expect(along([2])).toBeCloseTo(2 / 5, 12);
    // With a second example of slope 1/2: crossing at 1/2, where the derivative is 1/2 - 3/8 > 0; so t + 4t - 2 + t/4 -
    // 1/2 = 0
    expect(along([2, 0.5])).toBeCloseTo(2.5 / 5.25, 12);
    // Slopes 10 and 1: beyond the crossing at 1/10 only t - (1 - t) is left
    expect(along([10, 1])).toBeCloseTo(1 / 2, 12);
  });
});
