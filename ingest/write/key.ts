import { createHash } from 'node:crypto';
import type { DissectionRecord } from './record.ts';

/** All that a dissection's numbers depend on. */
export type DissectionIdentity = Omit<DissectionRecord, 'units'>;

/** The key that a dissection is found by: sha256 over its identity as JSON with sorted keys. Two that differ in anything never share one. */
export function dissectionKey({ layerId, datasetId, tau, basis, basisParameters, provenance }: DissectionIdentity): string {
  const identity = { layerId, datasetId, tau, basis, basisParameters, provenance };
  return keyOf(identity);
}

/** sha256 over a value as JSON with sorted keys. */
export function keyOf(identity: unknown): string {
  return createHash('sha256').update(canonicalJson(identity)).digest('hex');
}

/** JSON whose text does not depend on the order in which properties were set. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
