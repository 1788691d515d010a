/** What a user can get wrong, or a machine can fail at; the code is stable, the message says what, where and what to do. */
export type ErrorCode =
  | 'BAD_DATASET'
  | 'BAD_IMAGE'
  | 'BAD_MODEL'
  | 'BAD_CARD'
  | 'BAD_ACTIVATIONS'
  | 'BAD_TALLY'
  | 'BAD_INPUT'
  | 'BAD_ID'
  | 'LAYER_NOT_FOUND'
  | 'NOT_SPATIAL'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'NO_WORKER'
  | 'WORKER_LOST'
  | 'UNEXPECTED'
  | 'CONFLICT'
  | 'STORE_UNAVAILABLE'
  | 'STORE_FULL'
  | 'OBJECTS_UNAVAILABLE'
  | 'CACHE_FULL'
  | 'SCHEMA_MISMATCH';

/** An error whose message is meant for the user. Everything else that is thrown is a defect or the machine's, and is masked by the API. */
export class DissectoryError extends Error {
  override readonly name = 'DissectoryError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
