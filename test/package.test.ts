import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type LockedPackage, nameOf, unmended } from '../tools/mend-lock.ts';

const root = path.join(import.meta.dirname, '..');
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> };

it('the lock lets no package download a runtime, and warns of no Node that is promised (else: npm run lock)', () => {
  expect(Object.keys(packages)).toContain('node_modules/onnxruntime-node');
  expect(Object.entries(packages).filter(([place, locked]) => unmended(nameOf(place), locked))).toEqual([]);
});
