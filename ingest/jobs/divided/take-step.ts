import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { DissectoryError } from '../../../core/errors.ts';
import type { JobPhase } from '../../../prisma/generated/enums.ts';
import { withLock } from '../../../store/lock.ts';
import type { JobQueue } from '../../../store/queue/open.ts';
import type { ShardStep } from '../../../store/queue/payload.ts';
import { deliverFlow, dropSteps } from '../../../store/queue/steps.ts';
import type { Work } from '../../dissection/left.ts';
import { numbersOf } from '../../dissection/numbers.ts';
import type { OneRunner } from '../../dissection/one-runner.ts';
import { passShard } from '../../dissection/pass.ts';
import type { StepOf } from '../../dissection/plan.ts';
import { provenanceOf } from '../../dissection/provenance.ts';
import { isSettled, settleRound } from '../../dissection/settle.ts';
import { tallyShard } from '../../dissection/tally.ts';
import { withWorkFolder } from '../../dissection/work-folder.ts';
import { writeNumbers } from '../../dissection/write-numbers.ts';
import type { RunOptions } from '../../engine/engine.ts';
import { findDissection } from '../../write/dissection.ts';
import { dissectionKey } from '../../write/key.ts';
import type { Provenance } from '../../write/record.ts';
import { type Attempt, type ClaimedJob, finish, type JobResult, writeShardProgress } from '../claim.ts';
import type { JobWork } from '../run-job.ts';
import { forgetEarlier, readValue } from './blobs.ts';
import { roundOf } from './flow.ts';
import { leftInStore } from './left-in-store.ts';
import { type KeptRun, type OpenedRun, openedRun } from './opened.ts';
import { PLAN, type ShardPlan } from './plan.ts';

/** What a worker brings along. */
export interface ShardSettings {
  /** Holds what a step that was broken off can be taken up with. */
  home: string;
  /** Bytes of candidates kept in memory. */
  memory: number;
  /** Absent: all. */
  layersAtOnce?: number;
}

/** A step as its worker has it. */
interface StepRun extends Work {
  queue: JobQueue;
  plan: ShardPlan;
  step: ShardStep;
  opened: OpenedRun;
  signal: AbortSignal;
  layersAtOnce: number | undefined;
}

/**
 * Does one step of a divided dissection. What it leaves is in the store when it is done; what it needs again when it is
 * broken off, in a folder that a worker on the same machine takes it up from.
 */
export async function takeStep(
  queue: JobQueue,
  job: ClaimedJob,
  step: ShardStep,
  { home, memory, layersAtOnce }: ShardSettings,
  kept: KeptRun,
  { signal, report }: Pick<Parameters<JobWork>[1], 'signal' | 'report'>,
): Promise<JobResult> {
  const { store } = queue;
  const { pool } = store;
  // A worker that was taken for dead may be at it still
  return withLock(store, { name: `shard ${job.id}`, onWait: () => {}, signal }, async (held) => {
    const parent = await store.prisma.job.findFirstOrThrow({
      where: { shards: { some: { id: job.id } } },
      select: { id: true, attempts: true },
    });
    await forgetEarlier(pool, job);
    const plan = await readValue<ShardPlan>(pool, parent, PLAN);
    const folder = path.join(home, 'work', `shard-${plan.keys[0].slice(0, 16)}-${job.id}`);
    const doer = await doersOf(pool, parent.id);
    const left = leftInStore({ pool, plan, self: job, doer, folder, memory, signal: held });
    const onImages = (done: number) => report(step.step === 'TALLY' ? 'TALLY' : 'FORWARD', done, step.images);
    const take = (opened: OpenedRun) => doStep({ queue, plan, left, step, opened, signal: held, onImages, layersAtOnce });
    try {
      const open = () => openedRun(store, plan);
      const outcome = await withWorkFolder(folder, () => kept.lend(`${parent.id} ${parent.attempts}`, open, take));
      return { settle: (client) => endStep(queue, client, { parent, job, plan }, outcome) };
    } catch (error) {
      const isCancelled = (await store.prisma.job.count({ where: { id: job.id } })) === 0;
      if (isCancelled) await rm(folder, { recursive: true, force: true });
      throw error;
    }
  });
}

/** Which jobs did the steps of a dissection that are done. */
async function doersOf(pool: Pool, parent: number): Promise<(step: StepOf) => Attempt> {
  const { rows } = await pool.query<Attempt & { payload: ShardStep }>(
    `SELECT id, attempts, payload FROM jobs WHERE parent_id = $1 AND state = 'DONE'`,
    [parent],
  );
  const nameOf = ({ step, round, shard }: Omit<ShardStep, 'images'>) => `${step} ${round} ${shard}`;
  const named = new Map(rows.map(({ payload, ...owner }) => [nameOf(payload), owner]));
  return (step) => {
    const owner = named.get(nameOf(step));
    if (!owner) throw new Error(`step ${nameOf(step)} of job ${parent} is not done`);
    return owner;
  };
}

/** What a step has come to: the next ones may begin; or units are to be passed again; or all is stored. */
type Outcome = { phase: JobPhase | null } | { round: number } | { dissections: readonly number[] };

async function doStep(run: StepRun): Promise<Outcome> {
  const { round, shard } = run.step;
  switch (run.step.step) {
    case 'PASS':
      await passThrough(run);
      return { phase: 'FORWARD' };
    case 'THRESHOLDS':
      await settleRound(run, round);
      return { phase: null };
    case 'TALLY':
      await tallyShard(run, (await run.opened.dataset(run.signal)).dense, round, shard);
      return { phase: 'TALLY' };
    case 'END':
      return (await isSettled(run, round)) ? { dissections: await writeAll(run) } : { round: round + 1 };
  }
}

async function passThrough(run: StepRun): Promise<void> {
  const { plan, opened, step, layersAtOnce } = run;
  const { model, network, normalisation } = await opened.model();
  const { dense } = await opened.dataset(run.signal);
  const options: RunOptions = { targets: [plan.target], precision: plan.run.precision, normalisation };
  const of: OneRunner['of'] = async (some) => {
    const running = await opened.runner(some, options);
    requireSame(plan, provenanceOf(model, network, running, dense.sha256, options));
    return running;
  };
  const layers = plan.layers.map(({ name }) => network.layer(name));
  await passShard(run, { dense, network, layers, batchSize: plan.run.batchSize }, { of }, { ...step, layersAtOnce });
}

/** Throws NO_WORKER where what this worker computes with would give the dissections other keys. */
function requireSame({ wanted }: ShardPlan, provenance: Provenance): void {
  const [{ identity }] = wanted;
  if (dissectionKey({ ...identity, provenance }) === dissectionKey(identity)) return;
  const [begun, here] = [identity.provenance, provenance].map(
    ({ codeVersion, engine, engineVersion, provider }) => `version ${codeVersion} with ${engine} ${engineVersion} on ${provider}`,
  );
  throw new DissectoryError(
    'NO_WORKER',
    `The dissection was begun by ${begun}, this worker is ${here}: their numbers are not to be mixed. Once all workers are alike, try again.`,
  );
}

/** Stores what the store lacks, layer by layer; gives all dissections that were asked for. */
async function writeAll(run: StepRun): Promise<number[]> {
  const { queue, plan, signal, step } = run;
  const { dense } = await run.opened.dataset(signal);
  for (const layer of plan.layers.keys()) {
    const ofTaus = await numbersOf(run, dense, layer, step.round + 1);
    const wanted = plan.wanted.filter((one) => one.layer === layer);
    await writeNumbers(queue.store, ofTaus, wanted, { dense, methods: plan.methods, signal });
  }
  const found = await Promise.all(plan.keys.map((key) => findDissection(queue.store, key)));
  return found.flatMap((one) => (one ? [one.id] : []));
}

/**
 * Ends a step; with the last one the dissection ends, whose number is given then, and what all of them have left is
 * removed.
 */
async function endStep(
  queue: JobQueue,
  client: PoolClient,
  { parent, job, plan }: { parent: Attempt; job: ClaimedJob; plan: ShardPlan },
  outcome: Outcome,
): Promise<number | null> {
  const dissection = await hold(client, parent);
  if (!dissection || !(await finish(client, job, {}))) return null;
  if ('round' in outcome) await deliverFlow(queue, client, dissection, roundOf(plan, outcome.round));
  else if ('phase' in outcome) {
    if (outcome.phase) await writeShardProgress(client, parent.id, outcome.phase);
  } else if (await finish(client, parent, outcome)) {
    await dropSteps(queue, client, parent.id);
    return parent.id;
  }
  return null;
}

/** Locks the asked job's row, always before those of its shards. null where it does not run any more. */
async function hold(client: PoolClient, { id, attempts }: Attempt) {
  const { rows } = await client.query<Parameters<typeof deliverFlow>[2]>(
    `SELECT id, priority, model_id AS "modelId", dataset_id AS "datasetId" FROM jobs
     WHERE id = $1 AND attempts = $2 AND state = 'RUNNING' FOR UPDATE`,
    [id, attempts],
  );
  return rows[0] ?? null;
}
