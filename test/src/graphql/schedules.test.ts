import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askAgain } from '../../../ingest/jobs/ask-again.ts';
import { type RunningWorker, startWorker } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { openQueue } from '../../../store/queue/open.ts';
import { listSchedules } from '../../../store/queue/schedule.ts';
import { ALEXNET_FC, OBJECTS, TINY } from '../../ingest/places.ts';
import { type Api, serve } from './api.ts';

let api: Api;
let folder: string;
let worker: RunningWorker;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dissectory-schedules-'));
  await mkdir(path.join(folder, 'open/runs'), { recursive: true });
  await mkdir(path.join(folder, 'closed'));
  api = await serve((store) => addDataset(store, TINY, { slug: 'tiny' }).then(() => {}));
  const settings = { home: folder, targets: ['onnx-cpu'], memory: 2 ** 28, concurrency: 1, webhook: null } as const;
  worker = await startWorker(api.store, { ...settings, allowedFolders: [path.join(folder, 'open')] });
});
afterAll(async () => {
  await worker.stop();
  await api.close();
  await rm(folder, { recursive: true });
});

const FIELDS = '{ name cron timeZone kind place series dataset layers tau }';
const watch = (input: object) =>
  api.ask<{ watchFolder: unknown }>(`mutation ($input: WatchRequest!) { watchFolder(input: $input) ${FIELDS} }`, { input });
const set = (input: object) =>
  api.ask<{ setSchedule: unknown }>(`mutation ($input: ScheduleRequest!) { setSchedule(input: $input) ${FIELDS} }`, { input });
const schedules = async () => (await api.ask<{ schedules: { name: string }[] }>(`{ schedules ${FIELDS} }`)).data.schedules;
const RUNS = () => path.join(folder, 'open/runs');
const WATCH = { series: 'run', dataset: 'tiny', layers: ['conv5'] };

it('a watched folder is a look a minute, the first of them at once: its checkpoints are registered and dissected', async () => {
  await copyFile(OBJECTS, path.join(RUNS(), 'net@9.onnx'));
  await symlink(ALEXNET_FC, path.join(RUNS(), 'net@10.onnx'));
  const place = path.join(RUNS(), 'net@*.onnx');
  const expected = { ...WATCH, name: 'watch-run', cron: '* * * * *', timeZone: 'UTC', kind: 'SCAN', place, tau: 0.005 };
  expect(await watch({ ...WATCH, place })).toEqual({ data: { watchFolder: expected } });
  expect(await schedules()).toEqual([expected]);
  // The link leads out of the open folder
  expect(await api.store.prisma.model.findMany({ select: { slug: true } })).toEqual([{ slug: 'run@9' }]);
  const done = () => api.store.prisma.job.count({ where: { kind: 'DISSECT', state: 'DONE' } });
  await expect.poll(done, { timeout: 60_000 }).toBe(1);

  // The next minutes
  const queue = await openQueue(api.store, 'client');
  try {
    const [{ request }] = await listSchedules(queue);
    const looks = () => api.store.prisma.job.findMany({ where: { kind: 'SCAN' }, select: { state: true } });
    for (let minute = 0; minute < 2; minute++) {
      await askAgain(queue, request);
      await expect.poll(looks, { timeout: 20_000 }).toEqual([{ state: 'DONE' }, { state: 'DONE' }]);
    }
  } finally {
    await queue.close();
  }
  expect(await done()).toBe(1);

  const stop = () => api.ask('mutation { stopWatching(series: "run") }');
  expect((await stop()).data).toEqual({ stopWatching: true });
  expect((await stop()).data).toEqual({ stopWatching: false });
  expect(await schedules()).toEqual([]);
});

it.each([
  [{ place: 'closed' }, 'FORBIDDEN', /does not lie in a folder that may be registered from/],
  [{ place: 'open/none' }, 'NOT_FOUND', /There is no .*none on the worker/],
  [{ place: 'open/runs', dataset: 'none' }, 'NOT_FOUND', /^There is no dataset "none"/],
  [{ place: 'open/runs', series: 'a b' }, 'BAD_INPUT', /cannot name a schedule/],
  [{ place: 'open/runs', layers: [] }, 'BAD_INPUT', /^layers takes 1 to 100 names/],
  [{ place: 'open/runs', tau: 2 }, 'BAD_INPUT', /^tau must lie between 0 and 1, not 2/],
])('what cannot be watched is refused, and no schedule is left: %o', async ({ place, ...input }, code, message) => {
  const { errors } = await watch({ ...WATCH, ...input, place: path.join(folder, place) });
  expect(errors).toMatchObject([{ extensions: { code }, message: expect.stringMatching(message) }]);
  expect(await schedules()).toEqual([]);
});

it('schedules are set, replaced and removed; those of a series need no look', async () => {
  await api.store.prisma.series.create({ data: { slug: 'other', name: 'Other' } });
  const series = { series: 'other', dataset: 'tiny', layers: ['all'], tau: 0.01 };
  const nightly = { name: 'nightly', cron: '0 3 * * *', timeZone: 'Europe/Zurich' };
  await set({ ...nightly, cron: '5 5 * * 1', series });
  expect((await set({ ...nightly, series })).data.setSchedule).toEqual({ ...nightly, ...series, kind: 'DISSECT_SERIES', place: null });
  expect((await set({ ...nightly, name: 'look', scan: { ...WATCH, place: RUNS() } })).data.setSchedule).toMatchObject({
    name: 'look',
    kind: 'SCAN',
  });
  expect((await schedules()).map(({ name }) => name)).toEqual(['look', 'nightly']);
  for (const name of ['look', 'nightly'])
    expect((await api.ask(`mutation { removeSchedule(name: "${name}") }`)).data).toEqual({ removeSchedule: true });
  expect((await api.ask('mutation { removeSchedule(name: "nightly") }')).data).toEqual({ removeSchedule: false });
});

it.each([
  [{}, /^Say what is to be done at set times/],
  [{ series: { series: 'other', dataset: 'tiny' }, scan: { ...WATCH, place: '/x' } }, /^Give scan or series, not both/],
  [{ cron: 'at night', series: { series: 'other', dataset: 'tiny' } }, /^"at night" cannot be a schedule: it has five fields/],
  [{ cron: '0 25 * * *', series: { series: 'other', dataset: 'tiny' } }, /^"0 25 \* \* \*" cannot be a schedule/],
  [{ timeZone: 'Zurich', series: { series: 'other', dataset: 'tiny' } }, /cannot be a schedule/],
  [{ series: { series: 'none', dataset: 'tiny' } }, /^There is no series "none"/],
  [{ series: { series: 'other', dataset: 'none' } }, /^There is no dataset "none"/],
])('what cannot be a schedule is refused: %o', async (input, message) => {
  const { errors } = await set({ name: 'wrong', cron: '0 3 * * *', ...input });
  expect(errors?.[0].message).toMatch(message);
  expect(await schedules()).toEqual([]);
});
