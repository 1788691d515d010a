import type { PrismaClient } from '../../../prisma/generated/client.ts';
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
export const createLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  node: createNodeLoaders(prisma),
  ...createSlugLoaders(prisma),
  ...createSeriesLoaders(prisma, budget),
  ...createLayerLoaders(prisma, budget),
  ...createDissectionLoaders(prisma, budget),
  ...createDetectorLoaders(prisma),
  ...createUnitLoaders(prisma, budget),
  ...createScoreLoaders(prisma, budget),
  ...createConceptLoaders(prisma, budget),
  ...createExperimentLoaders(prisma, budget),
  ...createJobLoaders(prisma, budget),
  ...createImageLoaders(prisma, budget),
  ...createVerdictLoaders(prisma, budget),
  ...createExplanationLoaders(prisma, budget),
  ...createAblationLoaders(prisma, budget),
});

export type Loaders = ReturnType<typeof createLoaders>;
