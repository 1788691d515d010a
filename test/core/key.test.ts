import { expect, it } from 'vitest';
import { keyAsSet, keyOf } from '../../core/key.ts';

/** As `printf TEXT | sha256sum` gives them: keys are stored, and must be the same for ever. */
it.each([
  [
    'a job',
    [
      'DISSECT',
      [
        ['dataset', 'd'],
        ['layers', ['conv5']],
        ['model', 'm'],
        ['tau', 0.005],
      ],
    ],
    '12be244ceb8cc6ea0bf25dcf45c2695b7799f8dea37e863b7b1d3c90ddb1b308',
  ],
  [
    'properties in any order, at any depth',
    { z: 'é', a: [{ c: null, b: 1 }] },
    '982e3537607713d5ed9668a6d7b65c1bdfd9db8f1d652d410325d3654216e7c9',
  ],
])('the key of %s stays what it is', (_, identity, key) => {
  expect(keyOf(identity)).toBe(key);
});

it('the key of an experiment stays what it is', () => {
  const parameters = { tau: 0.005, alphas: [0, 1], seeds: [1] };
  const key = 'e41cd70777c67b8995925356c660fbd2aec4d5c701cf5b80928bedad0af1dbfb';
  expect(keyAsSet({ kind: 'ROTATION', layerId: 1, datasetId: 2, parameters })).toBe(key);
});
