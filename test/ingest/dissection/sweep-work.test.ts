import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepWork } from '../../../ingest/dissection/sweep-work.ts';
import { type TemporaryStore, temporaryStore } from '../temporary-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let opened: TemporaryStore;
beforeAll(async () => {
  opened = await temporaryStore();
});
afterAll(() => opened?.remove());

/** A work folder whose last change lies so many days back. */
async function left(name: string, days: number): Promise<string> {
  const folder = path.join(opened.home, 'work', name);
  const file = path.join(folder, 'round-0', 'chunk');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'kept');
  const then = new Date(Date.now() - days * DAY_MS);
  for (const one of [file, path.dirname(file), folder]) await utimes(one, then, then);
  return folder;
}

it('work that nobody goes on with is removed after a week, and only that', async () => {
  const { store, home } = opened;
  expect(await sweepWork(store, path.join(home, 'nowhere'))).toEqual([]);
  const [old, young] = [await left('old', 8), await left('young', 6)];
  const deep = await left('deep', 9);
  await utimes(path.join(deep, 'round-0', 'chunk'), new Date(), new Date());

  const createdAt = new Date(Date.now() - 10 * DAY_MS);
  const job = { kind: 'DISSECT' as const, state: 'WAITING' as const, payload: {}, key: 'k', delivery: crypto.randomUUID(), createdAt };
  const { id } = await store.prisma.job.create({ data: job });
  expect(await sweepWork(store, home)).toEqual([]);

  await store.prisma.job.update({ where: { id }, data: { state: 'DONE' } });
  expect(await sweepWork(store, home)).toEqual([old]);
  expect([old, young, deep].map((folder) => existsSync(folder))).toEqual([false, true, true]);
});
