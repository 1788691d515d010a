import type { ShardStep } from '../../../store/queue/payload.ts';
import type { Shard, ShardPlan } from './plan.ts';

export const passStep = (plan: ShardPlan, round: number, shard: number): ShardStep => ({
  ...ofShard('PASS', plan, round, shard),
  ...(!plan.anywhere && { runsOn: plan.target }),
});

export const tallySteps = (plan: ShardPlan, round: number): ShardStep[] =>
  plan.shards.map((_, shard) => ofShard('TALLY', plan, round, shard));

/** A step that is of no one shard. */
export const ofAll = (step: 'THRESHOLDS' | 'WRITE', round: number): ShardStep => ({ step, round, shard: 0, images: 0 });

function ofShard(step: 'PASS' | 'TALLY', { shards }: ShardPlan, round: number, shard: number): ShardStep {
  const { from, to }: Shard = shards[shard];
  return { step, round, shard, images: to - from };
}
