import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { ALEXNET, ALEXNET_FC, TINY } from '../../ingest/places.ts';
import { type Api, serve } from './api.ts';

let api: Api;
let folder: string;
const workers: RunningWorker[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dissectory-jobs-'));
  api = await serve(async (store) => {
    await addDataset(store, TINY, { slug: 'tiny' });
    await addModel(store, ALEXNET, { slug: 'alexnet' });
  });
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await api.close();
  await rm(folder, { recursive: true });
});

const REQUEST = `mutation ($input: DissectionRequest!) { requestDissection(input: $input) { id number state layers tau model { slug } } }`;
const request = (input: object) => api.ask<{ requestDissection: JobFields }>(REQUEST, { input });
interface JobFields {
  id: string;
  number: number;
  state: string;
  error: { code: string; message: string } | null;
}

describe('a requested dissection', () => {
  it('waits for a worker; asked for again it is the same job', async () => {
    const input = { model: 'alexnet', dataset: 'tiny', layers: ['conv4'] };
    const first = await request(input);
    expect(first.data.requestDissection).toMatchObject({ state: 'WAITING', layers: ['conv4'], tau: 0.005, model: { slug: 'alexnet' } });
    expect((await request(input)).data).toEqual(first.data);
    expect((await request({ ...input, tau: 0.01 })).data.requestDissection.number).toBe(first.data.requestDissection.number + 1);
  });

  it('in shards is the same job as unsharded; its shards are left out of lists', async () => {
    const input = { model: 'alexnet', dataset: 'tiny', layers: ['conv2'] };
    const { number } = (await request({ ...input, shards: 3 })).data.requestDissection;
    expect((await request(input)).data.requestDissection.number).toBe(number);
    const { payload } = await api.store.prisma.job.findUniqueOrThrow({ where: { id: number } });
    expect(payload).toMatchObject({ ...input, shards: 3 });
    const shard = { kind: 'DISSECT_SHARD', payload: {}, key: '', delivery: randomUUID(), parentId: number } as const;
    await api.store.prisma.job.create({ data: shard });
    const { data } = await api.ask<{ jobs: { totalCount: number; nodes: { number: number }[] } }>(
      '{ jobs(first: 1) { totalCount nodes { number } } }',
    );
    expect(data.jobs.nodes).toEqual([{ number }]);
    expect(data.jobs.totalCount).toBe((await api.store.prisma.job.count()) - 1);
    await api.store.prisma.job.delete({ where: { id: number } }); // its shard goes with it
  });

  it.each([
    [{ model: 'nothing', dataset: 'tiny' }, 'NOT_FOUND', /^There is no model "nothing"/],
    [{ model: 'alexnet', dataset: 'nothing' }, 'NOT_FOUND', /^There is no dataset "nothing"/],
    [{ model: 'alexnet', dataset: 'tiny', tau: 1 }, 'BAD_INPUT', /^tau must lie between 0 and 1, not 1\./],
    [{ model: 'alexnet', dataset: 'tiny', layers: [] }, 'BAD_INPUT', /^layers takes 1 to 100 names\./],
    [{ model: 'alexnet', dataset: 'tiny', priority: 9999 }, 'BAD_INPUT', /^priority must lie/],
    [{ model: 'alexnet', dataset: 'tiny', shards: 0 }, 'BAD_INPUT', /^shards must lie between 1 and 1000, not 0\./],
  ])('is refused: %o', async (input, code, message) => {
    const { errors } = await request(input);
    expect(errors).toMatchObject([{ extensions: { code }, message: expect.stringMatching(message) }]);
  });

  it('is cancelled, tried again, listed by state in pages, newest first', async () => {
    const { id } = (await request({ model: 'alexnet', dataset: 'tiny', layers: ['conv1'] })).data.requestDissection;
    const change = (name: string) => api.ask<Record<string, JobFields>>(`mutation ($id: ID!) { ${name}(id: $id) { id state } }`, { id });
    expect((await change('retryJob')).errors?.[0].extensions.code).toBe('CONFLICT');
    expect((await change('cancelJob')).data.cancelJob).toEqual({ id, state: 'CANCELLED' });
    const list = `{ jobs(state: CANCELLED) { totalCount nodes { id finishedAt } } all: jobs(first: 1) { totalCount nodes { id } pageInfo { hasNextPage } } }`;
    expect((await api.ask(list)).data).toEqual({
      jobs: { totalCount: 1, nodes: [{ id, finishedAt: expect.any(String) }] },
      all: { totalCount: 3, nodes: [{ id }], pageInfo: { hasNextPage: true } },
    });
    expect((await change('retryJob')).data.retryJob).toEqual({ id, state: 'WAITING' });
    expect((await change('cancelJob')).data.cancelJob).toEqual({ id, state: 'CANCELLED' });
  });
});

describe('the stream', () => {
  const post = (query: string) =>
    fetch(`${api.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });

  it('answers subscriptions only, under the limits of queries, and says what is wrong in the words of the API', async () => {
    expect(await (await post('{ models { totalCount } }')).text()).toContain('Only subscriptions are served here');
    expect(await (await post('mutation { cancelJob(id: "x") { id } }')).text()).toContain('Only subscriptions are served here');
    const unknown = await (await post('subscription { jobProgress(id: "Sm9iOjk5OTk5") { state } }')).text();
    expect(unknown).toContain('"code":"NOT_FOUND"');
    const bad = await (await post('subscription { jobProgress(id: "x") { state } }')).text();
    expect(bad).toContain('"code":"BAD_ID"');
    const deep = `subscription { jobProgress(id: "x") { ${'dataset { concepts { nodes { '.repeat(8)} id ${'} } }'.repeat(8)} } }`;
    expect(await (await post(deep)).text()).toMatch(/^data: \{"errors":\[\{"message":"Syntax Error: Query depth limit of 14 exceeded/m);
  });
});

describe('with a worker', () => {
  beforeAll(async () => {
    workers.push(
      await startWorker(api.store, {
        home: folder,
        targets: ['onnx-cpu'],
        memory: 2 ** 30,
        allowedFolders: [path.dirname(ALEXNET_FC)],
        concurrency: 1,
        webhook: null,
      }),
    );
  });

  it('tells how a job goes on until it is done, and of each dissection that is stored', async () => {
    const client = createClient({ url: `${api.url}/graphql/stream` });
    const stored = client.iterate<{ dissectionFinished: { id: string } }>({
      query: 'subscription { dissectionFinished(dataset: "tiny", model: "alexnet") { id layer { name } } }',
    });
    const firstStored = stored.next();
    const { id } = (await request({ model: 'alexnet', dataset: 'tiny', layers: ['conv5'], priority: 5 })).data.requestDissection;
    const seen: (JobFields & { dissections: unknown[] })[] = [];
    const query = `subscription { jobProgress(id: "${id}") { state error { code } progress { phase imagesDone imageCount } dissections { id layer { name } } finishedAt } }`;
    for await (const { data } of client.iterate<{ jobProgress: (typeof seen)[0] }>({ query })) if (data) seen.push(data.jobProgress);
    const states = seen.map(({ state }) => state);
    expect(states).toEqual([...states].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));
    expect(seen.at(-1)).toMatchObject({ state: 'DONE', error: null, progress: null, dissections: [{ layer: { name: 'conv5' } }] });
    expect(seen[0].dissections).toEqual([]);
    expect((await firstStored).value.data.dissectionFinished.layer.name).toMatch(/^conv/);
    await stored.return?.(undefined);
  });
  const ORDER = ['WAITING', 'RUNNING', 'DONE'];

  it('fails a job for a layer that does not exist, at the first try and with the reason', async () => {
    const { id } = (await request({ model: 'alexnet', dataset: 'tiny', layers: ['conv9'] })).data.requestDissection;
    const client = createClient({ url: `${api.url}/graphql/stream` });
    let last: unknown;
    const query = `subscription { jobProgress(id: "${id}") { state attempts error { code message } } }`;
    for await (const { data } of client.iterate<{ jobProgress: unknown }>({ query })) last = data?.jobProgress;
    expect(last).toMatchObject({
      state: 'FAILED',
      attempts: 1,
      error: { code: 'LAYER_NOT_FOUND', message: expect.stringContaining('conv9') },
    });
  });

  const REGISTER = `mutation ($input: RegisterModelInput!) { registerModel(input: $input) { slug accuracy layers { name } } }`;
  const register = (file: string, slug = 'fc') =>
    api.ask<{ registerModel: unknown }>(REGISTER, { input: { path: file, slug, accuracy: 0.5 } });

  it('registers a model that lies in an open folder', async () => {
    expect((await register(ALEXNET_FC)).data).toEqual({
      registerModel: { slug: 'fc', accuracy: 0.5, layers: ['conv1', 'conv2', 'conv3', 'conv4', 'conv5'].map((name) => ({ name })) },
    });
  });

  it('reads nothing outside, whatever the way there, and does not tell whether it exists', async () => {
    const link = path.join(folder, 'link.onnx');
    await symlink(ALEXNET, link);
    const messages: string[] = [];
    for (const file of [ALEXNET, '/etc/passwd', '/nowhere/at/all', path.join(path.dirname(ALEXNET_FC), '../../../package.json'), link]) {
      const { errors } = await register(file, 'outside');
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      messages.push(errors?.[0].message.replace(file, 'X') ?? '');
    }
    expect(new Set(messages).size).toBe(1);
  });

  it('shows the queue to Prometheus', async () => {
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toMatch(/^dissectory_queue_jobs\{kind="DISSECT",state="CANCELLED"\} 1$/m);
    expect(text).toMatch(/^dissectory_queue_failed_jobs\{code="LAYER_NOT_FOUND"\} 1$/m);
    expect(text).toMatch(/^dissectory_images_per_second \d/m);
  });
});
