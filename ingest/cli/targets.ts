/** Where networks compute: the options of every command that runs them, and what it says when one is opened. */
import { InvalidArgumentError, Option } from 'commander';
import { DissectoryError } from '../../core/errors.ts';
import { readTarget, TARGETS, type Target } from '../../core/targets.ts';

/** Read as `targets`: none for `auto`. */
export function targetsOption(): Option {
  return new Option('--target <names>', `where to compute, comma-separated; auto: the first that opens. Of: ${TARGETS.join(', ')}`)
    .argParser((text) => (text === 'auto' ? [] : text.split(',').map(target)))
    .default([], 'auto');
}

/** The same for those who have a worker do it: it runs at one target, or wherever the worker thinks best. */
export function targetOption(): Option {
  return new Option(
    '--target <name>',
    `where it must run; workers that cannot leave it to others. One of: ${TARGETS.join(', ')}`,
  ).argParser(target);
}

/** Of several targets the one that a worker is asked for. Throws BAD_INPUT where there are more. */
export function oneTarget(targets: readonly Target[]): Target | undefined {
  if (targets.length > 1) throw new DissectoryError('BAD_INPUT', `A job runs at one target, not at ${targets.join(' and ')}: choose one.`);
  return targets[0];
}

export function targetNote(device: string, passedOver: readonly string[]): string {
  return [`Running on ${device}.`, ...passedOver.map((why) => `  not on ${why}`)].join('\n');
}

function target(text: string): Target {
  const found = readTarget(text.trim());
  if (!found) throw new InvalidArgumentError(`It must be one of ${TARGETS.join(', ')}.`);
  return found;
}
