import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DissectoryError } from '../../core/errors.ts';
import { clusterUrl, removeStaleTrace, startCluster } from './cluster.ts';
import { createCluster } from './create.ts';
import { giveBack, type Lease, tryLease } from './lease.ts';
import { type Place, placeOf } from './place.ts';

/** A running PostgreSQL that stays until the last process that opened it closes it. */
export interface Embedded {
  url: string;
  /** Stops the server if nobody else has it open. */
  close(): Promise<void>;
}

/** Failed starts before giving up: until then another process may be the one that starts it. */
const STARTS = 20;
/** The server is there, but is stopping, recovering or starting, or has no room for another connection. */
const ON_ITS_WAY = new Set(['57P01', '57P02', '57P03', '53300']);

/**
 * Opens the PostgreSQL of `home`, making the cluster and starting the server where needed.
 *
 * Throws STORE_UNAVAILABLE where PostgreSQL cannot run, STORE_FULL where the disk has no room to start it. A server that crashes
 * while it is open is started again, on the same port where that is free.
 */
export async function openEmbedded(home: string): Promise<Embedded> {
  const place = await prepare(home);
  let closing = false;
  let lease = hold();

  async function hold(): Promise<Lease> {
    const held = await takeLease(place);
    held.once('end', () => {
      if (closing) return;
      lease = hold();
      lease.catch(() => {}); // every query tells that the server is gone
    });
    return held;
  }

  await lease;
  return {
    url: clusterUrl(place.folder) ?? '',
    close: async () => {
      closing = true;
      const held = await lease.catch(() => null);
      if (held) await giveBack(held, place);
    },
  };
}

async function prepare(home: string): Promise<Place> {
  try {
    const place = placeOf(home);
    await createCluster(place);
    fs.accessSync(place.folder, fs.constants.R_OK | fs.constants.X_OK);
    return place;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (cause instanceof DissectoryError || code === undefined) throw cause;
    throw code === 'ENOSPC'
      ? new DissectoryError('STORE_FULL', `The disk is full, there is no room for a database in ${home}: free some space there.`, { cause })
      : new DissectoryError(
          'STORE_UNAVAILABLE',
          `The embedded PostgreSQL cannot keep its data in ${home} (${message}): set DISSECTORY_HOME to a folder of your own, or DATABASE_URL.`,
          { cause },
        );
  }
}

async function takeLease(place: Place): Promise<Lease> {
  for (let failed = 0; ; ) {
    const lease = await tryLease(place.folder);
    if (!(lease instanceof Error)) return lease;
    if (!ON_ITS_WAY.has(lease.code ?? '')) {
      if (lease.code === 'ECONNREFUSED') removeStaleTrace(place.folder);
      try {
        await startCluster(place);
        continue;
      } catch (error) {
        failed += 1;
        if (failed === STARTS) throw error;
      }
    }
    await sleep(250);
  }
}
