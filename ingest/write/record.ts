/**
 * What a dissection leaves in the store. Concepts and images go by their index in the dataset, units by theirs in the
 * layer.
 */
import type { Basis } from '../../prisma/generated/enums.ts';

export interface Provenance {
  modelSha256: string;
  /** null for published tallies. */
  datasetSha256: string | null;
  engine: string;
  engineVersion: string;
  provider: string;
  codeVersion: string;
  /** All else that the numbers depend on: normalisation, tau's rule, ... */
  parameters: Record<string, unknown>;
}

export interface ScoreRecord {
  concept: number;
  iou: number;
  intersection: number;
  union: number;
  /** null where it cannot be said; absent or null where it was not asked for. */
  standardError?: number | null;
}

export interface CategoryRecord {
  category: string;
  /** The unit's active pixels over the images that carry the category. */
  activated: number;
  /**
   * Concept of the category with the highest IoU, first in concept order on a tie; null where the category has none.
   */
  best: number | null;
  bestIou: number;
  /** Of the best concept; where it is null, of what a published tally holds in its place, else 0. */
  bestIntersection: number;
  bestUnion: number;
}

export interface TopImageRecord {
  image: number;
  maxActivation: number;
  /** Grid height x width, rows then columns. */
  map: Float32Array;
}

export interface UnitRecord {
  index: number;
  threshold: number | null;
  silent: boolean;
  maxActivation: number | null;
  /** Top concept over all categories; null where the unit has none. Where its IoU is 0 it is not stored. */
  label: number | null;
  iou: number;
  scores: ScoreRecord[];
  categories: CategoryRecord[];
  /** Best first. */
  topImages: TopImageRecord[];
}

export interface DissectionRecord {
  layerId: number;
  datasetId: number;
  tau: number;
  basis: Basis;
  basisParameters: { seed: number; alpha: number } | null;
  provenance: Provenance;
  /** May be produced while it is written: nothing holds all units. */
  units: Iterable<UnitRecord>;
}

/** A label of a unit. Concepts go by their place in concept order. */
export interface LabelRecord {
  text: string;
  /** None for a label of words alone. */
  concepts: readonly number[];
  /** Between the concepts, one fewer: AND, OR, AND NOT. */
  operators: readonly string[];
  score: number;
  standardError: number | null;
  /** Pixels, of scores that are an IoU. */
  intersection: number | null;
  union: number | null;
  /** With the concept or formula. */
  images: number | null;
  /** Of formulas: nothing better exists in the domain searched. */
  proven: boolean | null;
  /** What only this method has to say; JSON. */
  details: Readonly<Record<string, unknown>> | null;
}

export interface MethodScore {
  concept: number;
  score: number;
  standardError: number | null;
}

/** What a method says of one unit. */
export interface UnitLabels {
  /** Best first. */
  labels: readonly LabelRecord[];
  scores: readonly MethodScore[];
}
