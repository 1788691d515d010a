import type { ShardStep } from '../../../store/queue/payload.ts';
import type { FlowStep } from '../../../store/queue/steps.ts';
import type { ShardPlan } from './plan.ts';

/**
 * The steps of a round: PASS of shard 0, by whose images the marks are put; PASS of the others; THRESHOLDS; TALLY of
 * each shard; END, which stores the dissections or, where marks of some units were too high, asks for another round.
 */
export function roundOf({ shards, anywhere, target }: ShardPlan, round: number): FlowStep[] {
  const of = (step: 'PASS' | 'TALLY', shard: number): ShardStep => ({ step, round, shard, images: shards[shard].to - shards[shard].from });
  const ofAll = (step: 'THRESHOLDS' | 'END'): ShardStep => ({ step, round, shard: 0, images: 0 });
  const all = [...shards.keys()];
  const thresholds = shards.length;
  return [
    ...all.map((shard) => ({ step: { ...of('PASS', shard), ...(!anywhere && { runsOn: target }) }, after: shard === 0 ? [] : [0] })),
    { step: ofAll('THRESHOLDS'), after: all },
    ...all.map((shard) => ({ step: of('TALLY', shard), after: [thresholds] })),
    { step: ofAll('END'), after: all.map((shard) => thresholds + 1 + shard) },
  ];
}
