import path from 'node:path';
import type { Pool } from 'pg';
import type { ShardStep } from '../../../store/queue/payload.ts';
import type { Store } from '../../../store/store.ts';
import type { Attempt } from '../../jobs/claim.ts';
import { readValue } from './blobs.ts';
import type { OpenedRun } from './opened.ts';
import type { ShardPlan } from './plan.ts';

/** What a worker brings along. */
export interface ShardSettings {
  /** Holds what a step that was broken off can be taken up with. */
  home: string;
  /** Bytes of candidates kept in memory. */
  memory: number;
  /** Absent: all. */
  layersAtOnce?: number;
}

/** A sharded dissection as one of its steps finds it. */
export interface ShardRun {
  store: Store;
  plan: ShardPlan;
  settings: ShardSettings;
  /** Who does the step. */
  self: Attempt;
  step: ShardStep;
  opened: OpenedRun;
  /** Where this step may keep files. */
  folder: string;
  signal: AbortSignal;
  onImages(done: number): void;
  /** What a step that is done has left. */
  left<T>(step: Pick<ShardStep, 'step' | 'round' | 'shard'>, name: string): Promise<T>;
  /** Its job, for `readBytes`. */
  doer(step: Pick<ShardStep, 'step' | 'round' | 'shard'>): Attempt;
}

/** Name of the plan among what the asked job has stored. */
export const PLAN = 'plan';

/** Which jobs did the steps of a dissection that are done. */
async function doersOf(pool: Pool, parent: number): Promise<ShardRun['doer']> {
  const { rows } = await pool.query<Attempt & { payload: ShardStep }>(
    `SELECT id, attempts, payload FROM jobs WHERE parent_id = $1 AND state = 'DONE'`,
    [parent],
  );
  const named = new Map(rows.map(({ payload, ...owner }) => [nameOf(payload), owner]));
  return (step) => {
    const owner = named.get(nameOf(step));
    if (!owner) throw new Error(`step ${nameOf(step)} of job ${parent} is not done`);
    return owner;
  };
}

const nameOf = ({ step, round, shard }: Pick<ShardStep, 'step' | 'round' | 'shard'>) => `${step} ${round} ${shard}`;

/** Opens what a step needs to know of its dissection. */
export async function openRun(
  parent: Attempt,
  given: Pick<ShardRun, 'store' | 'settings' | 'self' | 'step' | 'signal' | 'onImages'>,
): Promise<Omit<ShardRun, 'opened'>> {
  const { store, settings, self } = given;
  const plan = await readValue<ShardPlan>(store.pool, parent, PLAN);
  const doer = await doersOf(store.pool, parent.id);
  return {
    ...given,
    plan,
    folder: path.join(settings.home, 'work', `shard-${plan.keys[0].slice(0, 16)}-${self.id}`),
    doer,
    left: (done, name) => readValue(store.pool, doer(done), name),
  };
}
