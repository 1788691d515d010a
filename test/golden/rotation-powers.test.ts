import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rotationPowers } from '../../ingest/math/rotation/power.ts';
import { largestDifference } from '../ingest/math/rotation/matrix.ts';
import { readNpy } from '../npy.ts';
import { sharedPath } from '../shared.ts';

const ALPHAS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const UNITS = 128;

const reference = sharedPath('zoo/reference/broden-mini');

describe.runIf(reference)('powers of the reference rotations', () => {
  it.each(['scenes-alexnet-fc__conv5', 'objects-alexnet__conv5', 'scenes-resnet__layer4', 'scenes-alexnet__conv5'])(
    'equal those of the complex Schur form: %s',
    (name) => {
      const stem = path.join(reference as string, `rotation__${name}`);
      const q = Float64Array.from(readNpy(`${stem}.Q.npy`)).subarray(0, UNITS * UNITS);
      const expected = Float64Array.from(readNpy(`${stem}.seed0_powers.npy`));
      const power = rotationPowers(q, UNITS);
      for (const [i, alpha] of ALPHAS.entries()) {
        expect(largestDifference(power(alpha), expected.subarray(i * UNITS * UNITS, (i + 1) * UNITS * UNITS))).toBeLessThan(1e-6);
      }
    },
  );
});
