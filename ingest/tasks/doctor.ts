import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { machineError } from '../../core/machine-error.ts';
import { knownError } from '../../store/known-error.ts';
import { cacheHome } from '../../store/objects/cache.ts';
import { CODE_VERSION } from '../../store/package.ts';
import { schemaState } from '../../store/schema-state.ts';
import { openStore, type Store } from '../../store/store.ts';
import { targetsHere } from '../engine/targets-here.ts';

/** One thing that was looked at. */
export interface Finding {
  what: string;
  /** `bad` keeps something from working; `note` is worth knowing. */
  state: 'good' | 'note' | 'bad';
  /** What was found, and what to do where it is not good. */
  says: string;
}

const LITTLE_ROOM = 2 * 2 ** 30;

/**
 * Looks at this machine as every command finds it: machine, home, disk, store, files, engines. Changes nothing but what
 * opening the store changes.
 */
export async function examine(home: string, folders: readonly string[]): Promise<Finding[]> {
  const findings = [machine(), await looked('home', () => homeOf(home)), await looked('disk', () => diskOf(home))];
  try {
    const store = await openStore({ home, migrate: 'check' });
    try {
      findings.push(...(await storeOf(store)), ...(await filesOf(store)));
    } finally {
      await store.close();
    }
  } catch (error) {
    findings.push({ what: 'store', state: 'bad', says: sentenceOf(error) });
  }
  return [...findings, await looked('engines', engines), ...folders.map(openFolder)];
}

function machine(): Finding {
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  const says = `Dissectory ${CODE_VERSION}, Node ${process.versions.node}, ${process.platform}-${process.arch}, ${os.availableParallelism()} cores, ${gigabytes} GB`;
  return gigabytes >= 2
    ? { what: 'machine', state: 'good', says }
    : { what: 'machine', state: 'note', says: `${says}: little memory; run commands with a lower --memory.` };
}

function homeOf(home: string): Finding {
  fs.mkdirSync(home, { recursive: true });
  const probe = path.join(home, `.doctor-${process.pid}`);
  fs.writeFileSync(probe, 'x'.repeat(4096));
  fs.rmSync(probe);
  return { what: 'home', state: 'good', says: `${home} can be written (cache of objects: ${cacheHome()})` };
}

function diskOf(home: string): Finding {
  const { bsize, bavail } = fs.statfsSync(home);
  const free = bsize * bavail;
  const says = `${(free / 2 ** 30).toFixed(1)} GB free under ${home}`;
  return free >= LITTLE_ROOM
    ? { what: 'disk', state: 'good', says }
    : {
        what: 'disk',
        state: 'note',
        says: `${says}: a dissection keeps unfinished work there; free some space, or set DISSECTORY_HOME to a larger disk.`,
      };
}

async function storeOf(store: Store): Promise<Finding[]> {
  const { rows } = await store.pool.query<{ version: string; size: string }>(
    "SELECT current_setting('server_version') AS version, pg_size_pretty(pg_database_size(current_database())) AS size",
  );
  const { pending } = await schemaState(store.pool);
  const says = `${store.cluster}, PostgreSQL ${rows[0].version}, ${rows[0].size}`;
  return [
    { what: 'store', state: 'good', says },
    ...(pending.length > 0
      ? [
          {
            what: 'schema',
            state: 'note' as const,
            says: `${pending.length} migrations are pending: the next command that writes applies them.`,
          },
        ]
      : []),
    ...store.notes.map((note): Finding => ({ what: 'store', state: 'note', says: note })),
  ];
}

/** Models and datasets whose files are not where they were registered. */
async function filesOf({ prisma }: Store): Promise<Finding[]> {
  // A database that no command has opened yet has no tables
  const registered = await Promise.all([
    prisma.model.findMany({ select: { slug: true, path: true } }),
    prisma.dataset.findMany({ select: { slug: true, path: true } }),
  ]).catch(() => null);
  if (registered === null) return [];
  const [models, datasets] = registered;
  const lost = [...models.map((one) => ({ kind: 'model', ...one })), ...datasets.map((one) => ({ kind: 'dataset', ...one }))].filter(
    ({ path: file }) => file !== null && !file.includes('://') && !fs.existsSync(file),
  );
  if (lost.length === 0)
    return [
      { what: 'files', state: 'good', says: `of ${models.length} models and ${datasets.length} datasets are where they were registered` },
    ];
  return lost.map(({ kind, slug, path: file }) => ({
    what: 'files',
    state: 'note',
    says: `${kind} "${slug}" has no ${file} any more: its results stay, but it cannot be dissected again. Bring the file back.`,
  }));
}

async function engines(): Promise<Finding> {
  const { targets, passedOver } = await targetsHere([]);
  const says = [`${targets.join(', ')} open`, ...passedOver.map((why) => `not ${why}`)].join('; ');
  return targets.length > 0
    ? { what: 'engines', state: 'good', says }
    : { what: 'engines', state: 'bad', says: `none opens: install again. ${says}` };
}

function openFolder(folder: string): Finding {
  const isThere = folder.includes('://') || fs.existsSync(folder);
  return isThere
    ? { what: 'folders', state: 'good', says: `${folder} is open to requests (DISSECTORY_FOLDERS)` }
    : { what: 'folders', state: 'bad', says: `${folder} of DISSECTORY_FOLDERS does not exist: make it, or take it out.` };
}

async function looked(what: string, look: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return { what, state: 'bad', says: sentenceOf(error) };
  }
}

const sentenceOf = (error: unknown): string =>
  (knownError(error) ?? machineError(error))?.message ?? (error instanceof Error ? error.message : String(error));
