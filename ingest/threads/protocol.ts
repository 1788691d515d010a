/**
 * What passes between a thread and who asks it: first that it stands, then an answer to each request; an error in the
 * place of either.
 */
import { DissectoryError, type ErrorCode } from '../../core/errors.ts';

/** An error on its way: a structured clone keeps neither class nor code. */
export interface Failure {
  /** null: a defect, or the runtime's own words. */
  code: ErrorCode | null;
  message: string;
  stack: string | undefined;
}

export type Message<T> = { value: T } | { failure: Failure };

/** In the place of a request: the thread closes what it holds and ends. */
export const CLOSE = 'close';

export function failureOf(error: unknown): Failure {
  const code = error instanceof DissectoryError ? error.code : null;
  return error instanceof Error ? { code, message: error.message, stack: error.stack } : { code, message: String(error), stack: undefined };
}

export function errorOf({ code, message, stack }: Failure): Error {
  const error = code === null ? new Error(message) : new DissectoryError(code, message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
