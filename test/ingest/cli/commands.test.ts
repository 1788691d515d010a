import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../../store/store.ts';
import { ALEXNET, ALEXNET_FC, TINY } from '../places.ts';
import { ended, newPlace, type Place } from './dissectory.ts';

/** One user's afternoon: the tests of this file go on from each other's results. */
let place: Place;
let store: Store;
beforeAll(async () => {
  place = await newPlace();
  store = await openStore({ url: place.url, migrate: 'check' });
});
afterAll(async () => {
  await store?.close();
  await place?.remove();
});

/** The JSON of a command that must succeed and print nothing else. */
async function json(...args: string[]) {
  const { code, out, err } = await place.run('--json', ...args);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

/** The text of a command that must succeed. */
async function text(...args: string[]): Promise<string> {
  const { code, out, err } = await place.run(...args);
  expect(code, err).toBe(0);
  return out;
}

describe('dataset check', () => {
  it('finds no fault in a sound dataset', async () => {
    expect(await json('dataset', 'check', TINY)).toEqual({ dir: TINY, faults: [] });
  });
});

describe('dataset add', () => {
  it('registers a dataset, and finds it the next time', async () => {
    expect(await text('dataset', 'add', TINY, '--slug', 'tiny')).toBe('tiny: 60 images, 98 concepts\n');
    const again = await json('dataset', 'add', TINY, '--slug', 'tiny', '--name', 'Broden, tiny');
    expect(again).toEqual({ slug: 'tiny', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), images: 60, concepts: 98 });
    expect(await store.prisma.dataset.findMany()).toMatchObject([{ slug: 'tiny', name: 'Broden, tiny', path: TINY }]);
  });
});

describe('model add', () => {
  it('takes the facts from the card beside the model', async () => {
    expect(await text('model', 'add', ALEXNET_FC, '--slug', 'fc')).toBe(
      'fc: layers conv1 (32 units), conv2 (80 units), conv3 (128 units), conv4 (128 units), conv5 (128 units)\n',
    );
    const model = await store.prisma.model.findUniqueOrThrow({ where: { slug: 'fc' } });
    expect(model).toMatchObject({
      architecture: 'alexnet-mini-fc',
      supervision: 'SUPERVISED',
      accuracy: 0.943,
      std: [0.229, 0.224, 0.225],
    });
    expect(model.classes).toHaveLength(16);
  });

  it('takes what flags say instead', async () => {
    const card = path.join(path.dirname(ALEXNET), 'scenes-alexnet.json');
    const flags = [
      '--card',
      card,
      '--name',
      'Net A',
      '--architecture',
      'mine',
      '--training-data',
      'my scenes',
      '--supervision',
      'self-supervised',
    ];
    const numbers = ['--task', 'rotation', '--series', 'runs', '--iteration', '400', '--accuracy', '0.5', '--classes', 'left,right'];
    const scale = ['--mean', '0,0.5,1', '--std', '1,1,0.5'];
    const added = await json('model', 'add', ALEXNET, '--slug', 'flags', ...flags, ...numbers, ...scale);
    expect(added).toEqual({ slug: 'flags', sha256: expect.any(String), layers: ['conv1', 'conv2', 'conv3', 'conv4', 'conv5'] });
    expect(await store.prisma.model.findUniqueOrThrow({ where: { slug: 'flags' }, include: { series: true } })).toMatchObject({
      ...{ name: 'Net A', architecture: 'mine', trainingData: 'my scenes', supervision: 'SELF_SUPERVISED', task: 'rotation' },
      ...{ series: { slug: 'runs' }, iteration: 400, accuracy: 0.5, classes: ['left', 'right'], mean: [0, 0.5, 1], std: [1, 1, 0.5] },
    });
  });
});

describe('model layers', () => {
  it('shows units, grid and receptive field of a file as a table', async () => {
    const [header, ...layers] = (await text('model', 'layers', ALEXNET_FC)).trimEnd().split('\n');
    expect(header.split(/ +/).slice(0, 8)).toEqual(['LAYER', 'KIND', 'OPERATOR', 'UNITS', 'GRID', 'FIELD', 'STRIDE', 'OFFSET']);
    expect(layers.map((line) => line.split(/ +/).slice(0, 8))).toEqual([
      ['conv1', 'map', 'Relu', '32', '56x56', '7x7', '2', '0'],
      ['conv2', 'map', 'Relu', '80', '28x28', '27x27', '4', '0'],
      ['conv3', 'map', 'Relu', '128', '14x14', '51x51', '8', '0'],
      ['conv4', 'map', 'Relu', '128', '14x14', '67x67', '8', '0'],
      ['conv5', 'map', 'Relu', '128', '14x14', '83x83', '8', '0'],
    ]);
  });

  it('shows every tensor of a registered model with --all', async () => {
    const layers = (await json('model', 'layers', 'fc', '--all')) as { tensor: string; units: number; kind: string }[];
    expect(layers.find(({ tensor }) => tensor === '/mods.1/MaxPool_output_0')).toMatchObject({
      ...{ name: 'mods.1', kind: 'map', units: 32, listed: false, dissectable: true, receptiveField: { height: 11, width: 11 } },
      grid: { height: 28, width: 28, offsetY: 0, offsetX: 0, strideY: 4, strideX: 4 },
    });
    expect(layers.find(({ tensor }) => tensor === 'logits')).toMatchObject({ kind: 'vector', units: 16, dissectable: true });
  });
});

describe('dissect', () => {
  it('computes what is missing, and finds what is stored', async () => {
    expect(await text('dissect', 'fc', '--dataset', 'tiny', '--layers', 'conv4,conv5')).toBe('conv4: dissection 1\nconv5: dissection 2\n');
    expect(await text('dissect', 'fc', '--dataset', 'tiny', '--layers', 'conv5')).toBe('conv5: dissection 2 (already stored)\n');
    expect(await json('dissect', 'fc', '--dataset', 'tiny', '--layers', 'all')).toEqual({
      model: 'fc',
      dissections: [
        { layer: 'conv1', id: expect.any(Number), computed: true },
        { layer: 'conv2', id: expect.any(Number), computed: true },
        { layer: 'conv3', id: expect.any(Number), computed: true },
        { layer: 'conv4', id: 1, computed: false },
        { layer: 'conv5', id: 2, computed: false },
      ],
    });
    expect(await store.prisma.dissection.count()).toBe(5);
  });

  it('keeps another tau apart', async () => {
    const { dissections } = await json('dissect', 'fc', '--dataset', 'tiny', '--layers', 'conv5', '--tau', '0.01');
    expect(dissections).toMatchObject([{ layer: 'conv5', computed: true }]);
    const [{ threshold: strict }, { threshold: wide }] = await store.prisma.unit.findMany({
      where: { index: 3, dissectionId: { in: [2, dissections[0].id] } },
      orderBy: { dissectionId: 'asc' },
    });
    expect(wide).toBeLessThan(strict as number);
  });

  it('takes a layer that is not listed by its tensor name, and calls it so', async () => {
    const { dissections } = await json('dissect', 'fc', '--dataset', 'tiny', '--layers', '/mods.1/MaxPool_output_0');
    expect(dissections).toEqual([{ layer: '/mods.1/MaxPool_output_0', id: expect.any(Number), computed: true }]);
    expect(await store.prisma.unit.count({ where: { dissectionId: dissections[0].id } })).toBe(32);
  });
});

describe('export', () => {
  it('writes NetDissect’s columns, best IoU first', async () => {
    const [header, first, ...others] = (await text('export', '2')).trimEnd().split('\n');
    expect(header).toMatch(
      /^unit,category,label,score,object-label,object-truth,object-activation,object-intersect,object-iou,color-label,/,
    );
    expect(others).toHaveLength(127);
    const best = await store.prisma.unit.findFirstOrThrow({
      where: { dissectionId: 2 },
      orderBy: [{ iou: 'desc' }, { index: 'asc' }],
      include: { label: true },
    });
    expect(first.split(',').slice(0, 4)).toEqual([
      String(best.index + 1),
      best.category?.toLowerCase(),
      best.label?.name,
      String(best.iou),
    ]);
  });

  it('writes all that is stored as JSON, into a file', async () => {
    const file = path.join(place.home, 'conv4.json');
    expect(await text('export', 'fc/conv4', '--format', 'json', '--output', file)).toBe(`Wrote dissection 1 to ${file}.\n`);
    const exported = JSON.parse(await readFile(file, 'utf8'));
    expect(exported).toMatchObject({ model: 'fc', layer: 'conv4', dataset: 'tiny', tau: 0.005, basis: 'IDENTITY' });
    expect(exported.units).toHaveLength(128);
    expect(exported.units[5].scores[0]).toMatchObject({ label: exported.units[5].label, iou: exported.units[5].iou });
  });

  it('means the usual tau where a layer was dissected at several, as the API does', async () => {
    expect(await text('export', 'fc/conv5')).toBe(await text('export', '2'));
  });
});

describe('import netdissect', () => {
  it('takes in what export wrote, and finds it the next time', async () => {
    const csv = path.join(place.home, 'conv5.csv');
    await text('export', '2', '--output', csv);
    const args = ['import', 'netdissect', csv, '--model', 'published', '--layer', 'conv5', '--dataset', 'tiny-published'];
    expect(await text(...args)).toMatch(/^published conv5: 128 units imported, dissection \d+\n$/);
    const again = await json(...args);
    expect(again).toEqual({ id: expect.any(Number), units: 128, created: false });
    expect(await text('export', String(again.id))).toBe(await readFile(csv, 'utf8'));
  });
});

describe('status', () => {
  it('lists datasets, models and dissections', async () => {
    const status = await json('status');
    expect(status.datasets).toEqual([
      { slug: 'tiny', path: TINY, images: 60, concepts: 98 },
      { slug: 'tiny-published', path: null, images: 0, concepts: expect.any(Number) },
    ]);
    expect(status.models.map(({ slug, format }: { slug: string; format: string }) => [slug, format])).toEqual([
      ['fc', 'ONNX'],
      ['flags', 'ONNX'],
      ['published', 'TALLY'],
    ]);
    expect(status.dissections).toHaveLength(8);
    const lines = (await text('status')).split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^2 +fc +conv5 +tiny +0\.005 +IDENTITY +\d{4}-\d\d-\d\dT/));
  });
});

describe('serve', () => {
  it('answers queries until it is told to end', async () => {
    const server = place.start('serve', '--port', '0');
    const over = ended(server);
    const [line] = await once(createInterface({ input: server.stdout as NodeJS.ReadableStream }), 'line');
    const url = String(line).match(/http:\S+/)?.[0];
    const query = '{ model(slug: "fc") { layer(name: "conv5") { dissection(dataset: "tiny") { uniqueDetectors } } } }';
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await response.json()).toEqual({ data: { model: { layer: { dissection: { uniqueDetectors: 42 } } } } });
    server.kill('SIGTERM');
    expect(await over).toMatchObject({ code: 0, err: '' });
  });
});

describe('a command line that cannot be meant', () => {
  it.each([
    ['an unknown command', ['disect'], /unknown command 'disect'/],
    ['a missing option', ['dissect', 'fc', '--layers', 'conv5'], /required option '--dataset <slug>'/],
    ['a mean of two numbers', ['model', 'add', 'x.onnx', '--slug', 'x', '--mean', '1,2'], /It must be one number, or three: R,G,B/],
  ])('ends with status 1 and says why: %s', async (_, args, reason) => {
    const { code, out, err } = await place.run(...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(reason);
  });
});
