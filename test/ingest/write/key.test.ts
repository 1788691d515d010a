import { describe, expect, it } from 'vitest';
import { type DissectionIdentity, dissectionKey } from '../../../ingest/write/key.ts';

const identity: DissectionIdentity = {
  ...{ layerId: 1, datasetId: 2, tau: 0.005, basis: 'ROTATION', basisParameters: { seed: 1, alpha: 0.5 } },
  provenance: {
    ...{ modelSha256: 'a', datasetSha256: 'd', engine: 'onnxruntime', engineVersion: '1.29.0', provider: 'cpu', codeVersion: '0.1.0' },
    parameters: { mean: [0.485, 0.456], nested: { a: 1, b: [{ c: 2 }] } },
  },
};
const { provenance } = identity;
const key = dissectionKey(identity);

it('is a sha256 that depends on nothing but the identity', () => {
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  const reordered = {
    provenance: { ...provenance, parameters: { nested: { b: [{ c: 2 }], a: 1 }, mean: [0.485, 0.456] } },
    ...{ basisParameters: { alpha: 0.5, seed: 1 }, basis: identity.basis, tau: 0.005, datasetId: 2, layerId: 1 },
  };
  expect(dissectionKey(reordered)).toBe(key);
});

describe('differs with', () => {
  it.each<[string, Partial<DissectionIdentity>]>([
    ['layer', { layerId: 3 }],
    ['dataset', { datasetId: 3 }],
    ['tau', { tau: 0.01 }],
    ['basis', { basis: 'IDENTITY' }],
    ['seed', { basisParameters: { seed: 2, alpha: 0.5 } }],
    ['model', { provenance: { ...provenance, modelSha256: 'b' } }],
    ['content of the dataset', { provenance: { ...provenance, datasetSha256: null } }],
    ['engine', { provenance: { ...provenance, engine: 'tfjs' } }],
    ['engine version', { provenance: { ...provenance, engineVersion: '1.30.0' } }],
    ['provider', { provenance: { ...provenance, provider: 'cuda' } }],
    ['code version', { provenance: { ...provenance, codeVersion: '0.2.0' } }],
    ['order of a list', { provenance: { ...provenance, parameters: { ...provenance.parameters, mean: [0.456, 0.485] } } }],
    ['deep parameter', { provenance: { ...provenance, parameters: { ...provenance.parameters, nested: { a: 1, b: [{ c: 3 }] } } } }],
  ])('%s', (_, change) => {
    expect(dissectionKey({ ...identity, ...change })).not.toBe(key);
  });
});
