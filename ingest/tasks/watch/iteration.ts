import { DissectoryError } from '../../../core/errors.ts';

/**
 * A number at the end of a name, set off from it or behind a word for training time: `net@400`, `net-0400`, `epoch12`;
 * not `resnet18`.
 */
const USUAL = /(?:^|[@._-]|step|iter|iteration|epoch|ckpt|checkpoint)[-_=]?(\d+)$/i;

/**
 * The training steps that a file's name without its ending speaks of; null where it does not.
 *
 * @param pattern regular expression whose first group is the number; absent: what is usual
 * @throws BAD_INPUT where the pattern is no regular expression, or has no group
 */
export function iterationOf(stem: string, pattern?: string): number | null {
  const found = (pattern === undefined ? USUAL : expressionOf(pattern)).exec(stem)?.[1];
  const iteration = found === undefined ? Number.NaN : Number(found);
  return Number.isInteger(iteration) && iteration >= 0 && iteration < 2 ** 31 ? iteration : null;
}

function expressionOf(pattern: string): RegExp {
  try {
    const expression = new RegExp(pattern);
    // With an empty alternative it matches anything, and then shows how many groups it has
    if ((new RegExp(`${pattern}|`).exec('')?.length ?? 0) > 1) return expression;
  } catch {
    // said below
  }
  throw new DissectoryError(
    'BAD_INPUT',
    `"${pattern}" cannot be used to find an iteration: give a regular expression with a group, such as step_(\\d+).`,
  );
}
