import { expect, it } from 'vitest';
import { ensureLayer, type ModelRecord, registerModel } from '../../../ingest/write/model.ts';
import { eachWithStore } from './open.ts';
import { alexnet, conv5 } from './sample.ts';

const test = eachWithStore();
const relu = { ...conv5, name: '/features/relu_4', index: 11, listed: false, receptiveField: null };

it('stores the facts, the series and the listed layers', async () => {
  const { layers: _, ...facts }: ModelRecord = {
    ...alexnet,
    ...{ name: 'AlexNet', architecture: 'alexnet', trainingData: 'scenes', supervision: 'SUPERVISED', task: 'classification' },
    ...{ classes: ['beach', 'street'], accuracy: 0.875, iteration: 400 },
  };
  const model = await registerModel(test.store, { ...facts, series: 'run-1', layers: [relu, conv5] });
  const stored = await test.store.prisma.model.findUniqueOrThrow({ where: { id: model.id }, include: { series: true, layers: true } });
  expect(stored).toMatchObject({ ...facts, series: { slug: 'run-1', name: 'run-1' } });
  expect(stored.layers).toEqual([
    {
      ...{ id: expect.any(Number), modelId: model.id, name: 'conv5', index: 12, unitCount: 2, gridHeight: 2, gridWidth: 3 },
      ...{ rfHeight: 163, rfWidth: 195, strideY: 16, strideX: 32, offsetY: 9, offsetX: 9.5 },
    },
  ]);
});

it('is named after its slug where it has no name', async () => {
  expect(await registerModel(test.store, alexnet)).toMatchObject({ name: 'alexnet', seriesId: null, classes: [], accuracy: null });
});

it('takes the facts given to the same file again, and keeps the others', async () => {
  const first = await registerModel(test.store, { ...alexnet, name: 'AlexNet', accuracy: 0.5, series: 'run-1' });
  const moved = { ...conv5, grid: { ...conv5.grid, offsetX: 10 } };
  const again = await registerModel(test.store, { ...alexnet, accuracy: 0.75, path: '/moved.onnx', layers: [moved] });
  expect(again).toEqual({ ...first, accuracy: 0.75, path: '/moved.onnx' });
  expect((await test.store.prisma.layer.findMany()).map(({ offsetX }) => offsetX)).toEqual([10]);
});

it('is one row, in one series, where two processes register it at once', async () => {
  const rows = await Promise.all([1, 2, 3].map(() => registerModel(test.store, { ...alexnet, series: 'run-1' })));
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  expect([await test.store.prisma.series.count(), await test.store.prisma.layer.count()]).toEqual([1, 1]);
});

it('refuses a slug that belongs to another file, and changes nothing', async () => {
  const first = await registerModel(test.store, alexnet);
  const other = { ...alexnet, path: '/other.onnx', sha256: 'b'.repeat(64), name: 'Other', series: 'run-2' };
  await expect(registerModel(test.store, { ...other, layers: [conv5, { ...relu, listed: true }] })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'Model "alexnet" exists with another file than /other.onnx: choose another slug.',
  });
  expect(await test.store.prisma.model.findMany()).toEqual([first]);
  expect([await test.store.prisma.series.count(), await test.store.prisma.layer.count()]).toEqual([0, 1]);
});

it('adds a layer that is not listed when it is asked for, once', async () => {
  const { id } = await registerModel(test.store, { ...alexnet, layers: [conv5, relu] });
  const layer = await ensureLayer(test.store, id, relu);
  expect(layer).toMatchObject({ modelId: id, name: '/features/relu_4', unitCount: 2, rfHeight: null, rfWidth: null });
  expect(await ensureLayer(test.store, id, relu)).toEqual(layer);
});
