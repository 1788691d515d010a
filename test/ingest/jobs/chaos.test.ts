import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../../store/store.ts';
import { runChaos } from '../../chaos/chaos.ts';
import { contentsOf, undisturbed } from '../../chaos/undisturbed.ts';
import { createDatabase } from '../../database.ts';
import { ALEXNET, ALEXNET_FC, MINI, OBJECTS } from '../places.ts';

const asked = { checkpoints: [ALEXNET, ALEXNET_FC, OBJECTS], dataset: MINI, layers: ['conv5'] };

async function place() {
  const database = await createDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'dissectory-chaos-'));
  const store = await openStore({ url: database.url, migrate: 'check' });
  onTestFinished(async () => {
    await store.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
  return { url: database.url, folder, store };
}

it('dissects every checkpoint of a watched folder exactly once while workers are killed, with the numbers of an undisturbed run', async () => {
  const quiet = await place();
  const expected = await undisturbed(quiet.store, path.join(quiet.folder, 'home'), asked);
  const { url, folder, store } = await place();
  const report = await runChaos({ ...asked, seed: 7, url, folder, workers: 2, kills: 3, killEveryMs: 1500, giveUpAfterMs: 150_000 });

  expect(report.kills).toBe(3);
  expect(report.workerExits).toEqual([0, 0]);
  expect(Math.max(...report.takeOvers.map(({ offered }) => offered))).toBeLessThan(30_000);
  expect(await store.prisma.model.count()).toBe(3);
  expect(await store.prisma.job.count()).toBe(3);
  expect(await store.prisma.dissection.count()).toBe(3);
  expect(await store.prisma.dissection.count({ where: { current: true } })).toBe(3);
  expect(await store.prisma.jobDissection.count()).toBe(3);
  expect(await contentsOf(store)).toEqual(expected);
}, 240_000);
