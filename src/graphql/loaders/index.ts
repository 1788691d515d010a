import type { Store } from '../../../store/store.ts';
import type { RowBudget } from '../budget.ts';
import { createAblationLoaders } from './ablations.ts';
import { createConceptLoaders } from './concepts.ts';
import { createDetectorLoaders } from './detectors.ts';
import { createDissectionLoaders } from './dissections.ts';
import { createExperimentLoaders } from './experiments.ts';
import { createExplanationLoaders } from './explanations.ts';
import { createImageLoaders } from './images.ts';
import { createJobLoaders } from './jobs.ts';
import { createLayerLoaders } from './layers.ts';
import { createNodeLoaders } from './nodes.ts';
import { createScoreLoaders } from './scores.ts';
import { createSeriesLoaders } from './series.ts';
import { createSlugLoaders } from './slugs.ts';
import { createUnitLoaders } from './units.ts';
import { createVerdictLoaders } from './verdicts.ts';

/** A request's loaders: every relation is read for all rows of an answer at once. */
export const createLoaders = ({ pool }: Store, budget: RowBudget) => ({
  node: createNodeLoaders(pool),
  ...createSlugLoaders(pool),
  ...createSeriesLoaders(pool, budget),
  ...createLayerLoaders(pool, budget),
  ...createDissectionLoaders(pool, budget),
  ...createDetectorLoaders(pool),
  ...createUnitLoaders(pool, budget),
  ...createScoreLoaders(pool, budget),
  ...createConceptLoaders(pool, budget),
  ...createExperimentLoaders(pool, budget),
  ...createJobLoaders(pool, budget),
  ...createImageLoaders(pool, budget),
  ...createVerdictLoaders(pool, budget),
  ...createExplanationLoaders(pool, budget),
  ...createAblationLoaders(pool, budget),
});

export type Loaders = ReturnType<typeof createLoaders>;
