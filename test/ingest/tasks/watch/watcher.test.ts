import { appendFile, copyFile, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addDataset } from '../../../../ingest/tasks/add-dataset.ts';
import { watcher } from '../../../../ingest/tasks/watch/watcher.ts';
import { type JobQueue, openQueue } from '../../../../store/queue/open.ts';
import { openStore } from '../../../../store/store.ts';
import { createDatabase } from '../../../database.ts';
import { writeLayersModel } from '../../engine/tfjs/as-layers.ts';
import { readChain } from '../../engine/tfjs/chain.ts';
import { ALEXNET, ALEXNET_FC, TINY } from '../../places.ts';

let folder: string;
let queue: JobQueue;
let end: () => Promise<void>;
beforeEach(async () => {
  const database = await createDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'dissectory-watched-'));
  const store = await openStore({ url: database.url, migrate: 'check' });
  await addDataset(store, TINY, { slug: 'tiny' });
  queue = await openQueue(store, 'client');
  end = async () => {
    await queue.close();
    await store.close();
    await database.drop();
    await rm(folder, { recursive: true });
  };
});
afterEach(() => end());

const asked = (place = folder) => ({ place, series: 'run', dataset: 'tiny', layers: ['conv5'], tau: 0.005 });
const writeTfjs = async (to: string) => writeLayersModel(to, (await readChain(ALEXNET_FC)).slice(0, 2), 112);
const inFolder = (name: string) => path.join(folder, name);
const models = () => queue.store.prisma.model.findMany({ orderBy: { id: 'asc' }, include: { series: true } });
const count = async () => [await queue.store.prisma.model.count(), await queue.store.prisma.job.count()];

it('takes in a file once it is the same at two looks, as a checkpoint of its series, and asks for its dissection', async () => {
  const eyes = watcher(queue, asked());
  const bytes = await readFile(ALEXNET);
  await writeFile(inFolder('net@50.onnx'), bytes.subarray(0, 1000));
  expect((await eyes.look()).taken).toEqual([]);
  await appendFile(inFolder('net@50.onnx'), bytes.subarray(1000));
  expect(await eyes.look()).toEqual({ taken: [], refused: [] });
  expect((await eyes.look()).taken).toEqual([{ file: inFolder('net@50.onnx'), model: 'run@50', isNew: true, job: 1 }]);
  expect(await eyes.look()).toEqual({ taken: [], refused: [] });
  expect(await models()).toMatchObject([{ slug: 'run@50', iteration: 50, series: { slug: 'run' }, path: inFolder('net@50.onnx') }]);
  expect(await queue.store.prisma.job.findMany()).toMatchObject([
    { kind: 'DISSECT', state: 'WAITING', payload: { model: 'run@50', dataset: 'tiny', layers: ['conv5'], tau: 0.005 } },
  ]);
});

it('takes a copy, a touched file, another watcher and a second start for nothing new', async () => {
  const eyes = watcher(queue, asked());
  await copyFile(ALEXNET, inFolder('net@50.onnx'));
  await eyes.look();
  await eyes.look();
  await copyFile(ALEXNET, inFolder('net@60.onnx'));
  await utimes(inFolder('net@50.onnx'), new Date(), new Date());
  await eyes.look();
  expect((await eyes.look()).taken.map(({ model, isNew }) => [model, isNew])).toEqual([
    ['run@50', false],
    ['run@50', false],
  ]);
  const others = [watcher(queue, asked()), watcher(queue, asked())];
  for (let look = 0; look < 2; look++) await Promise.all(others.map((one) => one.look()));
  expect(await count()).toEqual([1, 1]);
});

it('lets several watchers see the same new file at the same moment', async () => {
  await copyFile(ALEXNET, inFolder('net@50.onnx'));
  await copyFile(ALEXNET, inFolder('same.onnx'));
  const eyes = [1, 2, 3].map(() => watcher(queue, asked()));
  await Promise.all(eyes.map((one) => one.look()));
  const looked = await Promise.all(eyes.map((one) => one.look()));
  expect(looked.flatMap(({ refused }) => refused)).toEqual([]);
  expect(await count()).toEqual([1, 1]);
});

it('asks for the dissection where whoever registered the file did not live to do so', async () => {
  await copyFile(ALEXNET, inFolder('net@50.onnx'));
  const first = watcher(queue, asked());
  await first.look();
  await first.look();
  await queue.store.prisma.job.deleteMany();
  const second = watcher(queue, asked());
  await second.look();
  expect((await second.look()).taken).toMatchObject([{ model: 'run@50', isNew: false }]);
  expect(await count()).toEqual([1, 1]);
});

it('takes a file that is renamed into place, passes over work in progress and over what the pattern leaves out', async () => {
  const eyes = watcher(queue, asked(inFolder('net@*.onnx')));
  await copyFile(ALEXNET, inFolder('net@70.onnx.tmp'));
  await copyFile(ALEXNET_FC, inFolder('other@1.onnx'));
  await copyFile(ALEXNET_FC, inFolder('.net@2.onnx'));
  await eyes.look();
  expect((await eyes.look()).taken).toEqual([]);
  await rename(inFolder('net@70.onnx.tmp'), inFolder('net@70.onnx'));
  await eyes.look();
  expect((await eyes.look()).taken.map(({ model }) => model)).toEqual(['run@70']);
});

it('gives new content under an old name a slug of its own, and believes the card before the name', async () => {
  const eyes = watcher(queue, asked());
  await copyFile(ALEXNET, inFolder('net@50.onnx'));
  await eyes.look();
  await eyes.look();
  await copyFile(ALEXNET_FC, inFolder('net@50.onnx'));
  await writeFile(inFolder('net@50.json'), JSON.stringify({ architecture: 'alexnet-fc', iteration: 50 }));
  await eyes.look();
  await eyes.look();
  const [, second] = await models();
  expect(second).toMatchObject({ slug: `run@50-${second.sha256.slice(0, 8)}`, iteration: 50, architecture: 'alexnet-fc' });
});

it('says once what is wrong with a file, and tries again when it changes', async () => {
  const eyes = watcher(queue, asked());
  await writeFile(inFolder('net@50.onnx'), 'no network');
  await eyes.look();
  expect((await eyes.look()).refused).toMatchObject([{ file: inFolder('net@50.onnx'), error: { code: 'BAD_MODEL' } }]);
  expect((await eyes.look()).refused).toEqual([]);
  await copyFile(ALEXNET, inFolder('net@50.onnx'));
  await eyes.look();
  expect((await eyes.look()).taken).toMatchObject([{ model: 'run@50', isNew: true }]);
});

it('refuses a folder that is not there', async () => {
  await expect(watcher(queue, asked('/nowhere/at/all')).look()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('takes in a folder with a model.json once all in it is the same at two looks', async () => {
  const eyes = watcher(queue, asked(inFolder('net@*')));
  await mkdir(inFolder('net@70'));
  await mkdir(inFolder('net@80'));
  await writeTfjs(inFolder('net@70'));
  await eyes.look();
  await appendFile(inFolder('net@70/notes.txt'), 'not done yet');
  expect((await eyes.look()).taken).toEqual([]);
  expect((await eyes.look()).taken).toMatchObject([{ file: inFolder('net@70'), model: 'run@70', isNew: true }]);
  expect(await models()).toMatchObject([{ slug: 'run@70', iteration: 70, format: 'TFJS' }]);
});

it('asks that dissections run where it was told to', async () => {
  const eyes = watcher(queue, { ...asked(), runsOn: 'onnx-cuda' });
  await copyFile(ALEXNET, inFolder('net@50.onnx'));
  await writeTfjs(inFolder('other@60'));
  await eyes.look();
  const { taken, refused } = await eyes.look();
  expect(taken.map(({ model }) => model)).toEqual(['run@50']);
  expect(await queue.store.prisma.job.findMany()).toMatchObject([{ payload: { model: 'run@50', runsOn: 'onnx-cuda' } }]);
  expect(refused).toMatchObject([{ file: inFolder('other@60'), error: { code: 'BAD_INPUT' } }]);
});
