/**
 * What a user can get wrong, or a machine can fail at; the code is stable, the message says what, where and what to do. Beside each code stands what the
 * edges make of it: `status`, of an HTTP answer.
 */
export const ERRORS = {
  BAD_DATASET: { status: 400 },
  BAD_IMAGE: { status: 400 },
  BAD_MODEL: { status: 400 },
  BAD_CARD: { status: 400 },
  BAD_ACTIVATIONS: { status: 400 },
  BAD_TALLY: { status: 400 },
  BAD_INPUT: { status: 400 },
  BAD_ID: { status: 400 },
  LAYER_NOT_FOUND: { status: 404 },
  NOT_SPATIAL: { status: 400 },
  NOT_FOUND: { status: 404 },
  FORBIDDEN: { status: 403 },
  NO_WORKER: { status: 503 },
  WORKER_LOST: { status: 503 },
  UNEXPECTED: { status: 500 },
  CONFLICT: { status: 409 },
  STORE_UNAVAILABLE: { status: 503 },
  STORE_FULL: { status: 507 },
  OBJECTS_UNAVAILABLE: { status: 503 },
  CACHE_FULL: { status: 507 },
  SCHEMA_MISMATCH: { status: 503 },
} as const satisfies Record<string, { status: number }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error whose message is meant for the user. Everything else that is thrown is a defect or the machine's, and is masked by the API. */
export class DissectoryError extends Error {
  override readonly name = 'DissectoryError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
