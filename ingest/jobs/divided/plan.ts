import type { Target } from '../../../core/targets.ts';
import type { DissectionPlan } from '../../dissection/plan.ts';
import type { RunOptions } from '../../engine/engine.ts';
import type { DissectionIdentity } from '../../write/key.ts';

/** What all steps of a divided dissection agree on. Stored under the asked job. */
export interface ShardPlan extends DissectionPlan {
  /** Slugs. */
  model: string;
  dataset: string;
  /** What the store lacks; layer and tau by their place in the plan's lists. */
  wanted: { layer: number; tau: number; identity: DissectionIdentity }[];
  /** Of all dissections that were asked for, the stored ones too. */
  keys: string[];
  /** Where the network runs: the same for all shards. */
  target: Target;
  /** Every worker can run it there, and was not asked to leave it to some. */
  anywhere: boolean;
  run: Pick<RunOptions, 'precision'> & { batchSize: number };
}

/** Name of the plan among what the asked job has stored. */
export const PLAN = 'plan';
