/** What each kind of job is asked with. It is stored as JSON, and part of what makes two requests the same. */
import type { JobKind, Supervision } from '../generated/enums.ts';

export interface DissectPayload {
  /** Slugs. */
  model: string;
  dataset: string;
  /** Names as `dissectory model layers` shows them; `all` for every listed layer. */
  layers: string[];
  tau: number;
}

export interface RegisterModelPayload {
  /** On the worker's machine. */
  path: string;
  slug: string;
  name?: string;
  architecture?: string;
  trainingData?: string;
  supervision?: Supervision;
  task?: string;
  series?: string;
  iteration?: number;
  accuracy?: number;
}

export interface RegisterDatasetPayload {
  /** On the worker's machine. */
  path: string;
  slug: string;
  name?: string;
}

/** A folder in which a training run leaves its checkpoints, and what is to be done with them. */
export interface ScanPayload {
  /** On the worker's machine; the last part may be a pattern with `*` and `?`. */
  place: string;
  series: string;
  dataset: string;
  layers: string[];
  tau: number;
  /** Regular expression whose first group is the iteration in a file's name without its ending. */
  iterationPattern?: string;
}

export interface DissectSeriesPayload {
  series: string;
  dataset: string;
  layers: string[];
  tau: number;
}

/** A layer turned by random rotations, or read at several taus. */
export type ExperimentPayload = {
  /** Slugs. */
  model: string;
  dataset: string;
  layer: string;
} & ({ kind: 'ROTATION'; tau: number; alphas: number[]; seeds: number[] } | { kind: 'TAU_SWEEP'; taus: number[] });

export interface ExplainPayload {
  /** Slug. */
  model: string;
  /** Row of images. */
  image: number;
  /** Row of heads; not set: the network's own, else the newest SVM. */
  head?: number;
}

interface Payloads {
  DISSECT: DissectPayload;
  REGISTER_MODEL: RegisterModelPayload;
  REGISTER_DATASET: RegisterDatasetPayload;
  SCAN: ScanPayload;
  DISSECT_SERIES: DissectSeriesPayload;
  EXPERIMENT: ExperimentPayload;
  EXPLAIN: ExplainPayload;
}

/** A job as it is asked for. */
export type JobRequest = { [Kind in JobKind]: { kind: Kind; payload: Payloads[Kind] } }[JobKind];
