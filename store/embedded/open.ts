import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DissectoryError } from '../../core/errors.ts';
import type { Binaries } from './binaries.ts';
import { beat, standingOf } from './claim.ts';
import { type Cluster, clusterOf } from './cluster.ts';
import { createCluster } from './create.ts';
import { requireSound } from './faults.ts';
import { type Keeper, startKeeper } from './keeper.ts';
import { clusterUrl, giveBack, type Lease, OtherServer, tryLease } from './lease.ts';
import { startPostgres } from './postgres.ts';
import { dataOf, isAlive, readTrace, removeTrace, runsHere } from './trace.ts';

/** A running PostgreSQL that stays until the last process that opened it closes it, or has ended. */
export interface Embedded {
  url: string;
  cluster: Cluster;
  /** What a person should know of how it was found; empty as a rule. */
  notes: readonly string[];
  /** Stops the server if nobody else has it open. */
  close(): Promise<void>;
}

/** Failed starts before giving up: until then another process may be the one that starts it. */
const STARTS = 20;
const WRONG_PASSWORD = new Set(['28P01', '28000']);
/** The server is there, but is stopping, recovering or starting, or has no room for another connection. */
const ANSWERS_WITHIN_MS = 600_000;
/** It writes its trace before it listens. */
const LISTENS_AFTER_MS = 5000;

/**
 * Opens the PostgreSQL of `home`, making the cluster and starting the server where needed.
 *
 * Throws STORE_UNAVAILABLE where PostgreSQL cannot run, where the cluster is not sound and where it is in use on
 * another machine; STORE_FULL where the disk has no room to start it. A server that crashes while it is open is started
 * again, on the same port where that is free.
 */
export async function openEmbedded(home: string, binaries?: Binaries): Promise<Embedded> {
  const cluster = await prepare(home, binaries);
  const notes: string[] = [];
  if (cluster.outside) notes.push(`The database lies in ${cluster.folder}: root's stand-in account cannot enter ${home}.`);
  let closing = false;
  let keeper: Keeper | null = null;
  let url = '';
  let lease = hold();

  async function hold(): Promise<Lease> {
    const held = await takeLease(cluster, notes);
    url = clusterUrl(cluster.folder, held.port);
    keeper = await startKeeper(url).catch(() => null); // a server that stops at once is noticed below
    held.once('end', () => {
      if (closing) return;
      lease = hold();
      lease.catch(() => {}); // every query tells that the server is gone
    });
    return held;
  }

  await lease;
  const beating = beat(cluster.folder);
  return {
    url,
    cluster,
    notes,
    close: async () => {
      if (closing) return;
      closing = true;
      const held = await lease.catch(() => null);
      keeper?.leave();
      if (held) await giveBack(held, cluster);
      beating.stop();
    },
  };
}

async function prepare(home: string, binaries: Binaries | undefined): Promise<Cluster> {
  try {
    const cluster = clusterOf(home, binaries);
    await createCluster(cluster);
    fs.accessSync(cluster.folder, fs.constants.R_OK | fs.constants.X_OK);
    if (readTrace(cluster.folder) === null) requireSound(cluster);
    return cluster;
  } catch (cause) {
    throw prepareError(cause, home);
  }
}

export function prepareError(cause: unknown, home: string): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (cause instanceof DissectoryError || code === undefined) return cause;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new DissectoryError('STORE_FULL', `The disk is full, there is no room for a database in ${home}: free some space there.`, { cause })
    : new DissectoryError(
        'STORE_UNAVAILABLE',
        `The embedded PostgreSQL cannot keep its data in ${home} (${message}): set DISSECTORY_HOME to a folder of your own, or DATABASE_URL.`,
        { cause },
      );
}

const silent = (folder: string) =>
  new DissectoryError(
    'STORE_UNAVAILABLE',
    `The embedded PostgreSQL in ${folder} runs but has not answered for ten minutes: see its end in ${folder}/log, or end it.`,
  );

async function takeLease(cluster: Cluster, notes: string[]): Promise<Lease> {
  const until = Date.now() + ANSWERS_WITHIN_MS;
  for (let failed = 0; ; ) {
    const standing = await standingOf(cluster.folder);
    const trace = readTrace(cluster.folder);
    if (standing === 'ours' && trace !== null) {
      const isThere = await joinServer(cluster, notes);
      if (isThere === 'wait') {
        if (Date.now() > until) throw silent(cluster.folder);
        await sleep(250);
        continue;
      }
      if (isThere !== 'none') return isThere;
    }
    try {
      await startPostgres(cluster);
    } catch (error) {
      failed += 1;
      // Another process of this system may have been faster
      if (failed === STARTS || readTrace(cluster.folder) === null) throw error;
      await sleep(250);
    }
  }
}

/**
 * A lease of the server that the trace speaks of; `none` where there is none of this folder: then its trace is gone.
 */
async function joinServer(cluster: Cluster, notes: string[]): Promise<Lease | 'wait' | 'none'> {
  const { folder } = cluster;
  const trace = readTrace(folder);
  if (trace === null) return 'none';
  const lease = trace.port === null ? null : await tryLease(folder, trace.port);
  if (lease !== null && !(lease instanceof Error)) return lease;
  if (lease?.code === 'ENOENT') requireSound(cluster); // the file of the password
  const runs = runsHere(trace, folder);
  if (runs && lease !== null && WRONG_PASSWORD.has(lease.code ?? '')) {
    throw new DissectoryError(
      'STORE_UNAVAILABLE',
      `The database in ${folder} does not take the password in ${folder}/password: \`dissectory store repair\` sets a new one.`,
    );
  }
  if (runs || (trace.ageMs < LISTENS_AFTER_MS && isAlive(trace.pid) && !(lease instanceof OtherServer))) return 'wait';
  if (lease instanceof OtherServer && trace.data !== dataOf(fs.realpathSync(folder))) {
    notes.push(
      `The database in ${folder} was copied while its server ran over ${trace.data}: it may lack what was written meanwhile. ` +
        'For backups there is `dissectory store dump FILE`.',
    );
  }
  removeTrace(folder);
  return 'none';
}
