import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { openStore } from '../../../store/store.ts';
import { ALEXNET, TINY } from '../places.ts';
import { newPlace, type Place } from './dissectory.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Place;
let folder: string;
beforeAll(async () => {
  place = await newPlace();
  folder = await mkdtemp(path.join(tmpdir(), 'dissectory-scanned-'));
  const store = await openStore({ url: place.url, migrate: 'check' });
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET, { slug: 'alexnet' });
  await store.close();
});
afterAll(async () => {
  await place.remove();
  await rm(folder, { recursive: true });
});

it('asks for a job, lists, cancels and retries it', async () => {
  const enqueue = ['enqueue', 'alexnet', '--dataset', 'tiny', '--layers', 'conv5'];
  expect(await place.run(...enqueue)).toEqual({ code: 0, out: 'job 1\n', err: '' });
  expect(await place.run(...enqueue)).toEqual({ code: 0, out: 'job 1 (asked for already)\n', err: '' });
  const { out } = await place.run('jobs');
  expect(out.split('\n')[0]).toMatch(/^JOB +KIND +STATE +WHAT/);
  expect(out.split('\n')[1]).toMatch(/^1 +dissect +waiting +alexnet conv5 tiny +0/);
  expect(await place.run('jobs', 'cancel', '1')).toEqual({ code: 0, out: 'job 1: cancelled\n', err: '' });
  expect((await place.run('jobs', 'list', '--state', 'waiting')).out.trim().split('\n')).toHaveLength(1);
  expect(await place.run('jobs', 'retry', '1')).toEqual({ code: 0, out: 'job 1: waiting\n', err: '' });
  expect(await place.run('jobs', 'cancel', '9')).toEqual({
    code: 1,
    out: '',
    err: 'dissectory: There is no job 9: `dissectory jobs` lists those that exist.\n',
  });
});

it('asks for experiments', async () => {
  const where = ['--dataset', 'tiny', '--layer', 'conv5', '--enqueue'];
  const rotation = ['experiment', 'rotation', 'alexnet', '--alphas', '0,1', '--seeds', '1,2', ...where];
  expect(await place.run(...rotation)).toEqual({ code: 0, out: 'job 2\n', err: '' });
  expect((await place.run('experiment', 'taus', 'alexnet', '--taus', '0.01,0.02', ...where)).out).toBe('job 3\n');
  const [taus, turned] = JSON.parse((await place.run('--json', 'jobs')).out);
  expect(turned).toMatchObject({ id: 2, kind: 'EXPERIMENT', payload: { kind: 'ROTATION', layer: 'conv5', alphas: [0, 1], seeds: [1, 2] } });
  expect(taus).toMatchObject({ id: 3, kind: 'EXPERIMENT', payload: { kind: 'TAU_SWEEP', taus: [0.01, 0.02] } });
});

it('adds, lists and removes schedules', async () => {
  const what = ['--series', 'run', '--dataset', 'tiny', '--layers', 'all', '--cron', '0 3 * * *', '--tz', 'Europe/Zurich'];
  expect(await place.run('schedule', 'add', 'scan', 'nightly', folder, ...what)).toEqual({ code: 0, out: 'nightly: set\n', err: '' });
  const { out } = await place.run('--json', 'schedule', 'list');
  const payload = { place: folder, series: 'run', dataset: 'tiny', layers: ['all'], tau: 0.005 };
  expect(JSON.parse(out)).toEqual([{ name: 'nightly', cron: '0 3 * * *', tz: 'Europe/Zurich', request: { kind: 'SCAN', payload } }]);
  expect((await place.run('schedule', 'remove', 'nightly')).code).toBe(0);
  expect((await place.run('schedule', 'remove', 'nightly')).err).toMatch(/^dissectory: There is no schedule "nightly"/);
});

it.each([
  [
    ['watch', '/nowhere', '--series', 'run', '--dataset', 'tiny', '--layers', 'all'],
    /^dissectory: The folder \/nowhere cannot be read \(ENOENT\)/,
  ],
  [['watch', '.', '--series', 'run', '--dataset', 'none', '--layers', 'all'], /^dissectory: No dataset "none" is registered/],
  [
    ['watch', '.', '--series', 'run', '--dataset', 'tiny', '--layers', 'all', '--iteration-pattern', '('],
    /^dissectory: "\(" cannot be used/,
  ],
])('says at the start what is wrong: %o', async (args, message) => {
  const { code, err } = await place.run(...args);
  expect([code, err]).toEqual([1, expect.stringMatching(message)]);
});
