/** What the edges make of an error. */
interface Edges {
  /** Of an HTTP answer. */
  status: number;
  /** Of a command: 1, or 70 (EX_SOFTWARE of sysexits.h) for a defect. */
  exit: number;
  /** Whether a job that failed so is tried again: it may have passed by then. */
  mayPass: boolean;
}

/**
 * What a user can get wrong, or a machine can fail at; the code is stable, the message says what, where and what to do.
 */
export const ERRORS = {
  BAD_DATASET: { status: 400, exit: 1, mayPass: false },
  BAD_IMAGE: { status: 400, exit: 1, mayPass: false },
  BAD_MODEL: { status: 400, exit: 1, mayPass: false },
  BAD_CARD: { status: 400, exit: 1, mayPass: false },
  BAD_ACTIVATIONS: { status: 400, exit: 1, mayPass: false },
  BAD_TALLY: { status: 400, exit: 1, mayPass: false },
  BAD_INPUT: { status: 400, exit: 1, mayPass: false },
  BAD_ID: { status: 400, exit: 1, mayPass: false },
  LAYER_NOT_FOUND: { status: 404, exit: 1, mayPass: false },
  NOT_SPATIAL: { status: 400, exit: 1, mayPass: false },
  NOT_FOUND: { status: 404, exit: 1, mayPass: false },
  UNAUTHENTICATED: { status: 401, exit: 1, mayPass: false },
  TOO_SLOW: { status: 503, exit: 1, mayPass: true },
  RATE_LIMITED: { status: 429, exit: 1, mayPass: true },
  FORBIDDEN: { status: 403, exit: 1, mayPass: false },
  NO_WORKER: { status: 503, exit: 1, mayPass: true },
  WORKER_LOST: { status: 503, exit: 1, mayPass: false },
  UNEXPECTED: { status: 500, exit: 70, mayPass: true },
  CONFLICT: { status: 409, exit: 1, mayPass: false },
  STORE_UNAVAILABLE: { status: 503, exit: 1, mayPass: true },
  STORE_FULL: { status: 507, exit: 1, mayPass: true },
  OBJECTS_UNAVAILABLE: { status: 503, exit: 1, mayPass: true },
  CACHE_FULL: { status: 507, exit: 1, mayPass: true },
  SCHEMA_MISMATCH: { status: 503, exit: 1, mayPass: false },
} as const satisfies Record<string, Edges>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * An error whose message is meant for the user. Everything else that is thrown is a defect or the machine's, and is
 * masked by the API.
 */
export class DissectoryError extends Error {
  override readonly name = 'DissectoryError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
