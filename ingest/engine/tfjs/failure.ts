/** Errors on their way from a thread: a structured clone keeps neither class nor code. */
import { DissectoryError, type ErrorCode } from '../../../core/errors.ts';

export interface Failure {
  code: ErrorCode | null;
  message: string;
}

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof DissectoryError ? error.code : null, message };
}

export function errorOf({ code, message }: Failure): Error {
  return code ? new DissectoryError(code, message) : new Error(message);
}
