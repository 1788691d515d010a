import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_CARD } from '../../../ingest/engine/card.ts';
import { IMAGENET } from '../../../ingest/engine/normalisation.ts';
import { readCard } from '../../../ingest/engine/read-card.ts';
import { sharedPath } from '../../shared.ts';

let folder: string;
let model: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dissectory-card-'));
  model = join(folder, 'net.onnx');
  await writeFile(model, 'stands for a network');
});

afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, content: unknown) =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

describe('a model card', () => {
  it('is not needed: nothing is known then', async () => {
    expect(await readCard(model)).toEqual(NO_CARD);
    expect(NO_CARD).toEqual({
      facts: {},
      normalisation: {},
      channels: null,
      inputSize: null,
      resize: 'STRETCH',
      tokens: null,
      inputs: null,
      output: null,
    });
  });

  it('may say no more than mean, std and classes', async () => {
    await write('net.json', { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], classes: ['cat', 'dog'] });
    expect(await readCard(model)).toEqual({
      facts: { classes: ['cat', 'dog'] },
      normalisation: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      channels: null,
      inputSize: null,
      resize: 'STRETCH',
      tokens: null,
      inputs: null,
      output: null,
    });
  });

  it('is read whole, fields that nobody knows left alone', async () => {
    await write('net.json', {
      id: 'net@50',
      name: 'Net, early',
      architecture: 'alexnet',
      dataset: 'places',
      supervision: 'self-supervised',
      task: 'rotation',
      classes: null,
      top1: 0.25,
      snapshot_of: 'net',
      iteration: 50,
      seed: 17,
      input: { shape: ['batch', 3, 96, 128], layout: 'NCHW', mean: [0, 0.1, 0.2], std: [1, 1, 2], scale: 'x/255', gray: false },
    });
    expect(await readCard(model)).toEqual({
      facts: {
        name: 'Net, early',
        architecture: 'alexnet',
        trainingData: 'places',
        supervision: 'SELF_SUPERVISED',
        task: 'rotation',
        accuracy: 0.25,
        series: 'net',
        iteration: 50,
      },
      normalisation: { mean: [0, 0.1, 0.2], std: [1, 1, 2] },
      channels: null,
      inputSize: { height: 96, width: 128 },
      resize: 'STRETCH',
      tokens: null,
      inputs: null,
      output: null,
    });
  });

  it.each([
    [[3, 224, 192], { height: 224, width: 192 }],
    [[1, 224, 192, 3], { height: 224, width: 192 }],
    [[1, 64, 48], { height: 64, width: 48 }],
    [[64, 48, 1], { height: 64, width: 48 }],
    [['N', 3, 'H', 'W'], null],
  ])('reads the input size from the shape %j', async (shape, inputSize) => {
    await write('net.json', { input: { shape } });
    expect((await readCard(model)).inputSize).toEqual(inputSize);
  });

  it('may speak of pixels that are not divided by 255', async () => {
    await write('net.json', { input: { scale: 'x', mean: [127.5, 51, 0], std: [255, 51, 25.5] } });
    expect((await readCard(model)).normalisation).toEqual({ mean: [0.5, 0.2, 0], std: [1, 0.2, 0.1] });
  });

  it('may give one number for all channels, in a list or alone', async () => {
    await write('net.json', { mean: 0.5, std: [0.25] });
    expect((await readCard(model)).normalisation).toEqual({ mean: [0.5], std: [0.25] });
  });

  it.each([
    ['rgb', 'RGB'],
    ['BGR', 'BGR'],
    ['grey', 'GREY'],
    ['Gray', 'GREY'],
  ])('tells the order of colours, or that there are none: %s', async (text, channels) => {
    await write('net.json', { input: { channels: text } });
    expect((await readCard(model)).channels).toBe(channels);
  });

  it.each([
    ['{"mean": [1,', /net\.json is not valid JSON/],
    ['[]', /wrong at the whole of it/],
    [{ mean: [1, 2] }, /wrong at mean/],
    [{ input: { std: [1, 1, 0] } }, /wrong at input\.std\.2/],
    [{ classes: [1, 2] }, /wrong at classes\.0/],
    [{ supervision: 'partly' }, /wrong at supervision: "partly" is none of/],
    [{ top1: 95 }, /wrong at top1/],
    [{ mean: ['0.5'] }, /wrong at mean\.0/],
    [{ input: { channels: 'CMYK' } }, /wrong at input\.channels: "CMYK" is none of rgb, bgr, grey/],
    [{ input: { shape: [224, 224] } }, /wrong at input\.shape: must have three or four dimensions/],
  ])('is refused, naming file and field: %j', async (content, message) => {
    await write('net.json', content);
    await expect(readCard(model)).rejects.toMatchObject({ code: 'BAD_CARD', message: expect.stringMatching(message) });
  });

  it('of a folder with a model.json lies in the folder', async () => {
    await write('model.json', '{}');
    await write('model.card.json', { name: 'in the folder' });
    expect((await readCard(folder)).facts.name).toBe('in the folder');
  });

  it('may be named, and must then exist', async () => {
    await write('other.json', { id: 'other' });
    expect((await readCard(model, join(folder, 'other.json'))).facts.name).toBe('other');
    await expect(readCard(model, join(folder, 'none.json'))).rejects.toMatchObject({ code: 'BAD_CARD' });
  });
});

describe('a list of models', () => {
  it('is searched for the file, one folder up as well; a run with snapshots is a series', async () => {
    await mkdir(join(folder, 'models'));
    await copyFile(model, join(folder, 'models', 'net.onnx'));
    await write('models.json', [
      { id: 'net@10', file: 'models/net@10.onnx', snapshot_of: 'net', iteration: 10 },
      { id: 'net', file: 'models/net.onnx', snapshot_of: null, iteration: 100 },
    ]);
    const { facts } = await readCard(join(folder, 'models', 'net.onnx'));
    expect(facts).toEqual({ name: 'net', series: 'net', iteration: 100 });
  });

  it('is searched for the content of a file that was renamed', async () => {
    const sha256 = createHash('sha256').update('stands for a network').digest('hex');
    await write('models.json', [{ id: 'a' }, { id: 'b', file: 'b.onnx', sha256 }]);
    expect((await readCard(model)).facts).toEqual({ name: 'b' });
  });

  it('that does not hold the model counts for nothing, unless it was named', async () => {
    await write('models.json', [{ id: 'a', file: 'a.onnx' }, 7]);
    expect(await readCard(model)).toEqual(NO_CARD);
    await expect(readCard(model, join(folder, 'models.json'))).rejects.toMatchObject({
      code: 'BAD_CARD',
      message: expect.stringMatching(/no entry/),
    });
  });

  it('says which entry is wrong', async () => {
    await write('models.json', [{ id: 'a' }, { id: 'b', file: 'net.onnx', iteration: -1 }]);
    await expect(readCard(model)).rejects.toMatchObject({ code: 'BAD_CARD', message: expect.stringMatching(/wrong at 1\.iteration/) });
  });

  const zoo = sharedPath('zoo');
  it.skipIf(zoo === null)('as the zoo has it gives a snapshot its series, and a network its own', async () => {
    const early = await readCard(join(zoo ?? '', 'models', 'scenes-alexnet@400.onnx'));
    const last = await readCard(join(zoo ?? '', 'models', 'scenes-alexnet.onnx'));
    const alone = await readCard(join(zoo ?? '', 'models', 'rotation-alexnet.onnx'));
    expect([early.facts.series, early.facts.iteration]).toEqual(['scenes-alexnet', 400]);
    expect([last.facts.series, last.facts.iteration]).toEqual(['scenes-alexnet', 10000]);
    expect([alone.facts.series, alone.facts.supervision, alone.facts.task]).toEqual([undefined, 'SELF_SUPERVISED', 'rotation']);
    expect(last.inputSize).toEqual({ height: 112, width: 112 });
    expect(last.normalisation).toEqual(IMAGENET);
    expect(last.facts.classes).toHaveLength(16);
  });
});
