import { DissectoryError } from '../../core/errors.ts';
import { auc } from './auc/auc.ts';
import { formula } from './formula/formula.ts';
import { iou } from './iou/iou.ts';
import type { Labeller } from './labeller.ts';

/**
 * The table of methods by the names that they are asked for, stored and shown by. A new one is a folder and a line
 * here.
 */
export const LABELLERS = { iou, auc_mean: auc('means'), auc_max: auc('maxima'), formula } satisfies Readonly<Record<string, Labeller>>;

export type Method = keyof typeof LABELLERS;

export const allMethods = (): Method[] => Object.keys(LABELLERS) as Method[];

/** A method, whatever its parts are. */
export const labellerOf = (method: Method): Labeller => LABELLERS[method];

/** Methods that are asked for together. */
const TOGETHER: Readonly<Record<string, readonly Method[]>> = { auc: ['auc_mean', 'auc_max'] };

/** The methods of some names, each once. Throws BAD_INPUT where a name is not known. */
export function methodsNamed(names: readonly string[]): Method[] {
  const named = names.flatMap((name) => {
    const methods = TOGETHER[name] ?? allMethods().filter((method) => method === name);
    if (methods.length > 0) return methods;
    const known = [...allMethods(), ...Object.keys(TOGETHER)].join(', ');
    throw new DissectoryError('BAD_INPUT', `There is no method "${name}" to label units by: choose of ${known}.`);
  });
  return [...new Set(named)];
}
