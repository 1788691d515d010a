/** What each kind of job is asked with. It is stored as JSON, and part of what makes two requests the same. */

import type { Target } from '../../core/targets.ts';
import type { JobKind, Supervision } from '../../prisma/generated/enums.ts';

export interface DissectPayload {
  /** Slugs. */
  model: string;
  dataset: string;
  /** Names as `dissectory model layers` shows them; `all` for every listed layer. */
  layers: string[];
  tau: number;
  /** Into how many shards of its images the dataset is split, each a job of its own; absent: 1, which is none. */
  shards?: number;
  /** Where it must run; absent: wherever its worker thinks best. */
  runsOn?: Target;
  /** What units are labelled by beside IoU: `iou` (its errors), `auc`. */
  labels?: string[];
}

/**
 * A step of a dissection whose images are split into shards. Rounds of PASS of shard 0, by whose images the marks are
 * put, PASS of the others, THRESHOLDS, TALLY of each shard, and END, which asks for another round for units whose marks
 * were too high, or stores the dissections.
 */
export interface ShardStep {
  step: 'PASS' | 'THRESHOLDS' | 'TALLY' | 'END';
  /** From 0: how often units have been passed again. */
  round: number;
  /** From 0; 0 for the steps that are of no one shard. */
  shard: number;
  /** That it goes through. */
  images: number;
  /**
   * Of PASS: where the dissection was asked to run, or was begun where not every worker can. The other steps run
   * anywhere.
   */
  runsOn?: Target;
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
  /** Where the dissections must run; absent: wherever their workers think best. */
  runsOn?: Target;
  /** Asked for through the API: only what lies in the folders that the worker's operator opened may be looked at. */
  fromAfar?: true;
}

export interface DissectSeriesPayload {
  series: string;
  dataset: string;
  layers: string[];
  tau: number;
  /** As of a scan. */
  runsOn?: Target;
}

/** A layer turned by random rotations, or read at several taus. */
export type ExperimentPayload = {
  /** Slugs. */
  model: string;
  dataset: string;
  layer: string;
  /** As of a dissection. */
  runsOn?: Target;
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

/** A job as it is asked for. Nobody asks for a shard: the dissection that it belongs to does. */
export type JobRequest = { [Kind in keyof Payloads]: { kind: Kind; payload: Payloads[Kind] } }[keyof Payloads];

/** A job as a worker takes it in hand. */
export type JobTask = JobRequest | { kind: Extract<JobKind, 'DISSECT_SHARD'>; payload: ShardStep };
