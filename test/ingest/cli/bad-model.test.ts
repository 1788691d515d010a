import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import { dissectedRows, NO_ROWS } from '../content.ts';
import { ALEXNET, ALEXNET_FC, TINY } from '../places.ts';
import { poisoned } from '../poisoned.ts';
import { request } from '../request.ts';
import { eachWithStore } from '../write/open.ts';
import { newPlace } from './dissectory.ts';

const test = eachWithStore();
const CARD = ALEXNET_FC.replace('.onnx', '.json');

async function modelFile(bytes: Uint8Array | string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dissectory-model-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'net.onnx'), bytes);
  await cp(CARD, path.join(folder, 'net.json'));
  return path.join(folder, 'net.onnx');
}

async function dissect(file: string, layer: string): Promise<unknown> {
  await addDataset(test.store, TINY, { slug: 'tiny' });
  await addModel(test.store, file, { slug: 'net' });
  return dissectModel(test.store, request(path.dirname(await modelFile('')), { model: 'net', dataset: 'tiny', layers: [layer] }));
}

async function expectRefused(work: Promise<unknown>, code: string, message: string | RegExp): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: 'DissectoryError', code, message: expect.stringMatching(message) });
  expect(await dissectedRows(test.store)).toEqual(NO_ROWS);
}

describe('a file that is no whole ONNX model is not registered:', () => {
  it.each([
    [
      'cut off',
      async () => (await readFile(ALEXNET_FC)).subarray(0, 1_000_000),
      /net\.onnx is cut off or damaged \(1000000 bytes\)\. Copy or export it again\.$/,
    ],
    [
      'a text',
      async () => 'this is not a model\n'.repeat(100),
      /net\.onnx is not an ONNX file\. Give an \.onnx file, as torch\.onnx\.export or tf2onnx writes it\.$/,
    ],
    ['empty', async () => '', /net\.onnx is empty\. Copy or export it again\.$/],
  ])('%s', async (_, bytes, message) => {
    await expectRefused(addModel(test.store, await modelFile(await bytes()), { slug: 'net' }), 'BAD_MODEL', message);
    expect(await test.store.prisma.model.count()).toBe(0);
  });
});

describe('a layer', () => {
  it('that does not exist is answered with those that do', async () => {
    const message =
      /^There is no layer "conv9" in scenes-alexnet-fc\.onnx\. Its layers: conv1, conv2, conv3, conv4, conv5; "dissectory model layers /;
    await expectRefused(dissect(ALEXNET_FC, 'conv9'), 'LAYER_NOT_FOUND', message);
  });
});

describe('activations', () => {
  it.each([
    ['NaN', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('that are %s stop the dissection, naming unit and image', async (_, value) => {
    const file = await modelFile(await poisoned(ALEXNET_FC, 17, value));
    const message =
      /^Unit 17 is NaN or infinite on image \d+ .*: check the normalisation of the model card and the weights of the model\.$/;
    await expectRefused(dissect(file, '/mods.6/mods.6.0/Conv'), 'BAD_ACTIVATIONS', message);
  });
});

describe('a model file that changed since it was registered', () => {
  it('is not dissected, and is not registered again under its slug', async () => {
    const file = await modelFile(await readFile(ALEXNET_FC));
    await addModel(test.store, file, { slug: 'net' });
    await cp(ALEXNET, file);
    await addDataset(test.store, TINY, { slug: 'tiny' });
    const dissection = dissectModel(test.store, request(path.dirname(file), { model: 'net', dataset: 'tiny', layers: ['conv1'] }));
    await expectRefused(
      dissection,
      'BAD_MODEL',
      /net\.onnx changed since it was registered as "net": register the new file under a slug of its own\.$/,
    );
    await expect(addModel(test.store, file, { slug: 'net' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `Model "net" exists with another file than ${file}: choose another slug.`,
    });
  });
});

describe('what was never registered', () => {
  it('is answered with how to register it', async () => {
    const ask = (model: string, dataset: string) => dissectModel(test.store, request('/nowhere', { model, dataset, layers: ['all'] }));
    await expectRefused(
      ask('net', 'tiny'),
      'NOT_FOUND',
      /^No model "net" is registered: add it with `dissectory model add FILE --slug net`\.$/,
    );
    await addModel(test.store, ALEXNET, { slug: 'net' });
    await expectRefused(
      ask('net', 'tiny'),
      'NOT_FOUND',
      /^No dataset "tiny" is registered: add it with `dissectory dataset add DIR --slug tiny`\.$/,
    );
  });
});

describe('the command line', () => {
  it('says it in one sentence, or as JSON, with status 1', async () => {
    const file = await modelFile('text');
    const place = await newPlace();
    onTestFinished(() => place.remove());
    const message = `The model ${file} is not an ONNX file. Give an .onnx file, as torch.onnx.export or tf2onnx writes it.`;
    expect(await place.run('model', 'layers', file)).toEqual({ code: 1, out: '', err: `dissectory: ${message}\n` });
    const { code, out, err } = await place.run('--json', 'model', 'add', file, '--slug', 'net');
    expect([code, out, JSON.parse(err)]).toEqual([1, '', { error: { code: 'BAD_MODEL', message } }]);
  });
});
