import { InvalidArgumentError } from 'commander';

export function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must lie between 0 and 1.');
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

export function whole(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number from 0.');
  return value;
}

/**
 * Reads a list of numbers: `0,0.2,1`, with `..` for those between: `1..10` in steps of one, `0,0.2,..,1` in the steps
 * begun.
 *
 * @param allowed says of each number whether it may stand there; `rule` says the same in words
 */
export function numberList(rule: string, allowed: (value: number) => boolean): (text: string) => number[] {
  return (text) => {
    const values: number[] = [];
    let step: number | null = null;
    for (const part of text.replaceAll(/(\d)\.\.(\d)/g, '$1,..,$2').split(',')) {
      if (part === '..') {
        step = values.length === 1 ? 1 : (values.at(-1) ?? Number.NaN) - (values.at(-2) ?? Number.NaN);
        continue;
      }
      const value = part.trim() === '' ? Number.NaN : Number(part);
      if (step !== null) values.push(...between(values.at(-1) ?? Number.NaN, value, step));
      step = null;
      values.push(value);
    }
    if (step !== null || !values.every(allowed))
      throw new InvalidArgumentError(`It must be a list such as 1,2,5 or 1..10 or 0,0.2,..,1; ${rule}.`);
    return values;
  };
}

/** Twelve digits: steps of 0.2 would otherwise give 0.6000000000000001. */
function between(from: number, to: number, step: number): number[] {
  const count = step > 0 ? Math.ceil((to - from) / step - 1e-9) - 1 : Number.NaN;
  return Number.isNaN(count)
    ? [Number.NaN]
    : Array.from({ length: Math.max(count, 0) }, (_, i) => Number((from + (i + 1) * step).toPrecision(12)));
}
