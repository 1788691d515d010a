import { DissectoryError, ERRORS } from '../../core/errors.ts';
import { machineError } from '../../core/machine-error.ts';
import { knownError } from '../../store/known-error.ts';

/** The command line's edge: says what went wrong, to people or with --json to machines, and gives the exit code. */
export function report(error: unknown, json: boolean): number {
  const known = knownError(error) ?? machineError(error);
  const { code, message } = known ?? new DissectoryError('UNEXPECTED', error instanceof Error ? error.message : String(error));
  if (json) process.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else if (known) process.stderr.write(`dissectory: ${message}\n`);
  else process.stderr.write(`dissectory: unexpected error, please report it:\n${error instanceof Error ? error.stack : message}\n`);
  return ERRORS[code].exit;
}
