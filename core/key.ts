import { createHash } from 'node:crypto';

/**
 * The key under which a thing with this identity is found again: sha256 over it as JSON, whatever order its properties
 * were set in.
 */
export const keyOf = (identity: unknown): string => sha256(canonicalJson(identity));

/**
 * As `keyOf`, with properties in the order in which the caller set them. The keys of experiments are made so since
 * their first day, and an experiment that is stored must be found again: the caller always sets them in the same order.
 */
export const keyAsSet = (identity: object): string => sha256(JSON.stringify(identity));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** JSON whose text does not depend on the order in which properties were set. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
