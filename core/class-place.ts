import { DissectoryError } from './errors.ts';

/**
 * The place of a class among those that a head tells apart; of several of that name the first. Throws BAD_INPUT, naming
 * some that there are.
 */
export function placeOfClass(names: readonly string[], name: string): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  const some = names.slice(0, 20).join(', ');
  throw new DissectoryError('BAD_INPUT', `This head has no class "${name}". Its classes: ${some}${names.length > 20 ? ', ...' : ''}.`);
}
