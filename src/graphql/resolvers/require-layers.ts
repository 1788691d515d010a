import { DissectoryError } from '../../../core/errors.ts';

const MAX_LAYERS = 100;

/** Throws BAD_INPUT. */
export function requireLayersAndTau(layers: readonly string[], tau: number): void {
  if (!(tau > 0 && tau < 1)) throw new DissectoryError('BAD_INPUT', `tau must lie between 0 and 1, not ${tau}.`);
  if (layers.length < 1 || layers.length > MAX_LAYERS) throw new DissectoryError('BAD_INPUT', `layers takes 1 to ${MAX_LAYERS} names.`);
}
