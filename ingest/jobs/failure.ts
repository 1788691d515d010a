import { DissectoryError } from '../../core/errors.ts';
import { storeError } from '../../store/failure.ts';
import type { JobFailure } from './claim.ts';

/** What may have passed when the job is tried again. All else that a user is told of stays so however often it is tried. */
const PASSING: ReadonlySet<string> = new Set(['STORE_UNAVAILABLE', 'STORE_FULL', 'OBJECTS_UNAVAILABLE', 'CACHE_FULL', 'NO_WORKER']);

/** What is said of a job that failed, and whether another try may help. A defect is not described: the worker's log has it. */
export function failureOf(thrown: unknown, job: number): JobFailure & { mayPass: boolean } {
  const error = storeError(thrown);
  if (error instanceof DissectoryError) return { code: error.code, message: error.message, mayPass: PASSING.has(error.code) };
  return { code: 'UNEXPECTED', message: `Something went wrong in the worker: its log says more under job ${job}.`, mayPass: true };
}
