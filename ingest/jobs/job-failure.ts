import { DissectoryError, ERRORS } from '../../core/errors.ts';
import { knownError } from '../../store/known-error.ts';
import type { JobFailure } from './claim.ts';

/**
 * What is said of a job that failed, and whether another try may help. A defect is not described: the worker's log has
 * it.
 */
export function failureOf(thrown: unknown, job: number): JobFailure & { mayPass: boolean } {
  const { code, message } =
    knownError(thrown) ?? new DissectoryError('UNEXPECTED', `Something went wrong in the worker: its log says more under job ${job}.`);
  return { code, message, mayPass: ERRORS[code].mayPass };
}
