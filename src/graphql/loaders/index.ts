import type { Connection } from '../../../store/sql/statement.ts';
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
import { createStudyLoaders } from './studies.ts';
import { createUnitLoaders } from './units.ts';
import { createVerdictLoaders } from './verdicts.ts';

/** By what they load. */
const CREATE = [
  (pool: Connection) => ({ node: createNodeLoaders(pool) }),
  createSlugLoaders,
  createSeriesLoaders,
  createLayerLoaders,
  createDissectionLoaders,
  createDetectorLoaders,
  createUnitLoaders,
  createScoreLoaders,
  createConceptLoaders,
  createExperimentLoaders,
  createJobLoaders,
  createImageLoaders,
  createVerdictLoaders,
  createExplanationLoaders,
  createAblationLoaders,
  createStudyLoaders,
] as const;

type Each = ReturnType<(typeof CREATE)[number]>;
type All<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer Intersection) => void ? Intersection : never;

/** A request's loaders: every relation is read for all rows of an answer at once. */
export type Loaders = { readonly [Name in keyof All<Each>]: All<Each>[Name] };

/**
 * Made group by group when one of a group is first asked for: most requests need few, and to make all takes as long as
 * a small statement.
 */
export function createLoaders({ pool }: Store, budget: RowBudget): Loaders {
  return Object.create(LAZY, { pool: { value: pool }, budget: { value: budget } });
}

const LAZY = {};
for (const make of CREATE) {
  // The names of a group are those of one that loads nothing
  for (const name of Object.keys(make(undefined as never, undefined as never))) {
    Object.defineProperty(LAZY, name, {
      get(this: { pool: Connection; budget: RowBudget }) {
        const group = make(this.pool, this.budget);
        for (const [one, value] of Object.entries(group)) Object.defineProperty(this, one, { value });
        return group[name as keyof typeof group];
      },
    });
  }
}
