import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import { globalId } from '../../../src/graphql/ids.ts';
import { ALEXNET, ALEXNET_FC, TINY } from '../../ingest/places.ts';
import { type Answer, type Api, serve } from './api.ts';

let api: Api;
let folder: string;
let worker: RunningWorker;
let photo: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dissectory-explain-'));
  photo = await readFile(path.join(TINY, 'images/scene/s_00049.jpg'));
  const settings = { home: folder, targets: ['onnx-cpu'], memory: 2 ** 28 } as const;
  api = await serve(async (store) => {
    await addDataset(store, TINY, { slug: 'tiny' });
    await addModel(store, ALEXNET, { slug: 'alexnet' });
    await addModel(store, ALEXNET_FC, { slug: 'fc' });
    const signal = new AbortController().signal;
    const quiet = { signal, onProgress: () => {}, onStart: () => {} };
    await dissectModel(store, { model: 'alexnet', dataset: 'tiny', layers: ['conv5'], tau: 0.005, ...settings, ...quiet });
  });
  worker = await startWorker(api.store, { ...settings, allowedFolders: [], concurrency: 1, webhook: null });
});
afterAll(async () => {
  await worker?.stop();
  await api?.close();
  await rm(folder, { recursive: true });
});

interface Explained {
  id: string;
  class: string;
  score: number;
  bias: number;
  predicted: boolean;
  hasMasks: boolean;
  sheetUrl: string;
  image: { id: string; file: string; url: string; dataset: { slug: string } };
  contributions: { unitIndex: number; weight: number; activation: number; value: number; maskUrl: string; unit: { iou: number } | null }[];
}

const FIELDS = `{ id class score bias predicted hasMasks sheetUrl image { id file url dataset { slug } }
  contributions(first: 500) { unitIndex weight activation value maskUrl unit { iou label { name } } } }`;
const QUERY = `mutation Explain($input: ExplainInput!) { explain(input: $input) ${FIELDS} }`;

const explain = (input: object) => api.ask<{ explain: Explained }>(QUERY, { input });

async function upload(bytes: Uint8Array, headers: Record<string, string> = { 'apollo-require-preflight': 'true' }) {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: QUERY, variables: { input: { model: 'alexnet', upload: null } } }));
  form.set('map', JSON.stringify({ 0: ['variables.input.upload'] }));
  form.set('0', new Blob([Uint8Array.from(bytes)], { type: 'image/jpeg' }), 'holidays.jpg');
  const response = await fetch(`${api.url}/graphql`, { method: 'POST', headers, body: form });
  return { status: response.status, ...((await response.json()) as Answer<{ explain: Explained }>) };
}

const jobs = () => api.store.prisma.job.count({ where: { kind: 'EXPLAIN' } });
const code = (answer: Answer<unknown>) => answer.errors?.[0].extensions.code;

describe('an image that is sent in', () => {
  it('is explained: what all units contribute and the bias add up to the score', async () => {
    const { data, errors } = await upload(photo);
    expect(errors).toBeUndefined();
    const { score, bias, contributions, image, predicted, hasMasks } = data.explain;
    expect({ predicted, hasMasks, units: contributions.length }).toEqual({ predicted: true, hasMasks: true, units: 128 });
    expect(image).toMatchObject({ file: 'holidays.jpg', dataset: { slug: 'uploads' } });
    const sum = contributions.reduce((total, { value }) => total + value, bias);
    expect(Math.abs(sum - score) / Math.abs(score)).toBeLessThan(1e-5);
    const values = contributions.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    for (const { weight, activation, value, unit } of contributions) {
      expect(value).toBe(weight * activation);
      expect(unit?.iou).toBeGreaterThanOrEqual(0);
    }
  });

  it('is never computed twice: the second time there is no job, whatever the way it comes in', async () => {
    const first = (await upload(photo)).data.explain;
    const before = await jobs();
    expect((await upload(photo)).data.explain).toEqual(first);
    expect((await explain({ model: 'alexnet', base64: photo.toString('base64') })).data.explain).toEqual(first);
    expect((await explain({ model: 'alexnet', image: first.image.id })).data.explain).toEqual(first);
    const stored = `{ explanation(model: "alexnet", image: "${first.image.id}") ${FIELDS} node(id: "${first.id}") { ... on Explanation { class score } } }`;
    expect((await api.ask(stored)).data).toEqual({ explanation: first, node: { class: first.class, score: first.score } });
    expect(await jobs()).toBe(before);
  });

  it('is served, with the mask of a unit and a sheet for reports', async () => {
    const { image, contributions, sheetUrl } = (await upload(photo)).data.explain;
    const pixelsOf = async (url: string) => {
      const response = await fetch(api.url + url);
      expect(response.headers.get('content-type'), url).toBe('image/png');
      return sharp(Buffer.from(await response.arrayBuffer()))
        .raw()
        .toBuffer({ resolveWithObject: true });
    };
    const [plain, mask, sheet] = await Promise.all([image.url, contributions[0].maskUrl, sheetUrl].map(pixelsOf));
    expect(plain.info).toMatchObject({ width: 112, height: 112 });
    // The network's input is as large as the image: a fifth of it is within the mask, and the rest at a quarter of its
    // brightness
    let bright = 0;
    let dark = 0;
    for (let i = 0; i < plain.data.length; i += 3) {
      const is = (quarter: boolean) => [0, 1, 2].every((c) => mask.data[i + c] === (quarter ? plain.data[i + c] >> 2 : plain.data[i + c]));
      if (is(false)) bright++;
      else if (is(true)) dark++;
    }
    expect(bright + dark).toBe(112 * 112);
    expect(bright / (112 * 112)).toBeGreaterThan(0.19);
    expect(bright / (112 * 112)).toBeLessThan(0.21);
    expect(sheet.info.width).toBeGreaterThan(1000);
    const narrow = await pixelsOf(`${contributions[0].maskUrl}?width=56`);
    expect(narrow.info).toMatchObject({ width: 56, height: 56 });
  });

  it('is explained for any class, and by a unit less', async () => {
    const { image } = (await upload(photo)).data.explain;
    const query = `{ explanation(model: "alexnet", image: "${image.id}") { withoutUnit(index: 7) { classes { class before change } } head { classes } } }`;
    const { data } = await api.ask<{
      explanation: { withoutUnit: { classes: { class: string; before: number; change: number }[] }; head: { classes: string[] } };
    }>(query);
    const { classes } = data.explanation.withoutUnit;
    expect(classes.map((one) => one.class)).toEqual(data.explanation.head.classes);
    for (const { class: name, before, change } of [classes[0], classes[15]]) {
      const one = (await explain({ model: 'alexnet', image: image.id, class: name })).data.explain;
      expect(one.class).toBe(name);
      expect(one.score).toBeCloseTo(before, 9);
      expect(one.contributions.find(({ unitIndex }) => unitIndex === 7)?.value).toBeCloseTo(-change, 9);
    }
    expect(code(await explain({ model: 'alexnet', image: image.id, class: 'submarine' }))).toBe('BAD_INPUT');
  });
});

describe('an image of a dataset', () => {
  it('is explained in its place', async () => {
    const { id } = await api.store.prisma.image.findFirstOrThrow({ where: { index: 3, dataset: { slug: 'tiny' } } });
    const { data } = await explain({ model: 'alexnet', image: globalId('Image', id) });
    expect(data.explain.image).toMatchObject({ id: globalId('Image', id), dataset: { slug: 'tiny' } });
  });
});

describe('what cannot be explained', () => {
  it('has exactly one image, of a model and a head that exist', async () => {
    const base64 = photo.toString('base64');
    const image = globalId('Image', 1);
    expect(code(await explain({ model: 'alexnet' }))).toBe('BAD_INPUT');
    expect(code(await explain({ model: 'alexnet', base64, image }))).toBe('BAD_INPUT');
    expect(code(await explain({ model: 'none', image }))).toBe('NOT_FOUND');
    expect(code(await explain({ model: 'alexnet', image: globalId('Image', 999_999) }))).toBe('NOT_FOUND');
    expect(code(await explain({ model: 'alexnet', image, head: globalId('Head', 999) }))).toBe('NOT_FOUND');
    expect(code(await explain({ model: 'alexnet', image: '/etc/passwd' }))).toBe('BAD_ID');
    const headless = await explain({ model: 'fc', image });
    expect(headless.errors?.[0]).toMatchObject({
      extensions: { code: 'BAD_INPUT' },
      message: expect.stringContaining('global average pooling'),
    });
  });

  it.each([
    [
      'a drawing that a program would execute',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>',
    ],
    ['a PDF', '%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF'],
    ['a text', 'holidays.jpg'],
    ['nothing', ''],
    ['a header that breaks off', '\xff\xd8\xff\xe0\x00\x10JFIF'],
  ])('is %s, whatever its name says', async (_, content) => {
    const before = await api.store.prisma.upload.count();
    const answer = await upload(Buffer.from(content, 'latin1'));
    expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_IMAGE' }, message: expect.stringContaining('JPEG, PNG, WebP') });
    expect(await api.store.prisma.upload.count()).toBe(before);
  });

  it('breaks off after its header: the worker says so', async () => {
    const { errors } = await upload(photo.subarray(0, photo.length / 2));
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_IMAGE' }, message: expect.stringContaining('holidays.jpg') });
  });

  it('is no base64', async () => {
    for (const base64 of ['data:image/jpeg;base64,AAAA', 'AA AA', '<svg/>']) {
      expect(code(await explain({ model: 'alexnet', base64 })), base64).toBe('BAD_INPUT');
    }
  });

  it('has more than 50 megapixels, however small the file', async () => {
    const large = { create: { width: 7100, height: 7100, channels: 3, background: 'white' } } as const;
    const bytes = await sharp(large).toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer();
    const { errors } = await upload(bytes);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_IMAGE' }, message: expect.stringContaining('50 megapixels') });
  });

  it('has more than 20 MB, as a file or as base64', async () => {
    const large = Buffer.concat([photo, Buffer.alloc(20_000_001 - photo.length)]);
    for (const answer of [await upload(large), await explain({ model: 'alexnet', base64: large.toString('base64') })]) {
      expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_IMAGE' }, message: expect.stringContaining('20 MB') });
    }
    expect(await upload(Buffer.concat([large, large]))).toMatchObject({ status: 413, errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    // 20 MB exactly are taken; what is behind the picture is no part of it
    expect((await explain({ model: 'alexnet', base64: large.subarray(0, -1).toString('base64') })).errors).toBeUndefined();
  });

  it('is missing from the request, or its sender goes away: the server goes on', async () => {
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: QUERY, variables: { input: { model: 'alexnet', upload: null } } }));
    form.set('map', JSON.stringify({ 0: ['variables.input.upload'] }));
    const missing = await fetch(`${api.url}/graphql`, { method: 'POST', headers: { 'apollo-require-preflight': 'true' }, body: form });
    expect(code((await missing.json()) as Answer<unknown>)).toBe('BAD_INPUT');

    const cut = new AbortController();
    const part = async function* () {
      const head = (name: string) => `--x\r\ncontent-disposition: form-data; name="${name}"`;
      yield Buffer.from(`${head('operations')}\r\n\r\n${form.get('operations')}\r\n${head('map')}\r\n\r\n${form.get('map')}\r\n`);
      yield Buffer.from(`${head('0')}; filename="a.jpg"\r\n\r\n`);
      yield photo.subarray(0, 2000);
      setTimeout(() => cut.abort(), 200);
      await new Promise(() => {});
    };
    const headers = { 'apollo-require-preflight': 'true', 'content-type': 'multipart/form-data; boundary=x' };
    const sent = fetch(`${api.url}/graphql`, { method: 'POST', headers, body: Readable.from(part()), signal: cut.signal, duplex: 'half' });
    await expect(sent).rejects.toThrow('aborted');
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
    expect((await upload(photo)).errors).toBeUndefined();
  });

  it('comes from a form of another site', async () => {
    const { status, errors } = await upload(photo, {});
    expect({ status, message: errors?.[0].message }).toEqual({ status: 400, message: expect.stringContaining('CSRF') });
  });
});

describe('a request of more than 256 kB', () => {
  const post = async (body: string) => {
    const response = await fetch(`${api.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return response.status;
  };
  const long = 'A'.repeat(400_000);
  const base64 = { input: { model: 'alexnet', base64: long } };

  it('is an explain mutation with one base64 variable, and nothing else', async () => {
    expect(await post(JSON.stringify({ query: QUERY, variables: base64 }))).toBe(200);
    expect(await post(JSON.stringify({ query: '{ __typename }', variables: base64 }))).toBe(413);
    expect(await post(JSON.stringify({ query: `${QUERY} { __typename }`, variables: base64 }))).toBe(413);
    expect(await post(JSON.stringify({ query: 'query ($s: String!) { model(slug: $s) { id } }', variables: { s: long } }))).toBe(413);
    expect(await post(JSON.stringify({ query: QUERY, variables: { ...base64, other: long } }))).toBe(413);
    expect(await post(JSON.stringify({ query: QUERY, variables: { ...base64, many: Array(200_000).fill(1) } }))).toBe(413);
    expect(await post(`{"query": "mutation { explain }", "variables": {"list": [${'1,'.repeat(200_000)}1]}}`)).toBe(413);
    expect(await post(JSON.stringify({ query: `${QUERY}${' '.repeat(400_000)}` }))).toBe(413);
  });
});
