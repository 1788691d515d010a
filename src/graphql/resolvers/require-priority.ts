import { DissectoryError } from '../../../core/errors.ts';

const MAX_PRIORITY = 1000;

/** Throws BAD_INPUT. */
export function requirePriority(priority: number): void {
  if (Math.abs(priority) > MAX_PRIORITY) throw new DissectoryError('BAD_INPUT', `priority must lie between ±${MAX_PRIORITY}.`);
}
