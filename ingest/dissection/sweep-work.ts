import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Store } from '../../store/store.ts';

/** Who goes on with unfinished work does so within hours or days. */
const ABANDONED_AFTER_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Removes work folders that nobody goes on with: nothing in them has changed for a week, and no job is open that could
 * have been at them. The same dissection asked for later begins anew.
 *
 * @param home holds the work of runs that are not complete, @param now in milliseconds since 1970
 * @returns the folders that were removed
 */
export async function sweepWork({ prisma }: Store, home: string, now = Date.now()): Promise<string[]> {
  const work = path.join(home, 'work');
  const removed: string[] = [];
  for (const name of await readdir(work).catch(() => [])) {
    const folder = path.join(work, name);
    const changed = await lastChange(folder);
    if (now - changed < ABANDONED_AFTER_MS) continue;
    const open = await prisma.job.count({ where: { state: { in: ['WAITING', 'RUNNING'] }, createdAt: { lte: new Date(changed) } } });
    if (open > 0) continue;
    await rm(folder, { recursive: true, force: true });
    removed.push(folder);
  }
  return removed;
}

/** Of a folder and all in it, in milliseconds since 1970; now for what vanishes meanwhile. */
async function lastChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const times = await Promise.all(
    ['', ...entries].map(async (entry) => (await stat(path.join(folder, entry)).catch(() => null))?.mtimeMs ?? Date.now()),
  );
  return Math.max(...times);
}
