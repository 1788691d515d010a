import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { contributions, headInputs } from '../../../core/explanation.ts';
import { bytesToFloats } from '../../../core/floats.ts';
import { openDense } from '../../../ingest/dataset/open.ts';
import { readPlacedImage } from '../../../ingest/dataset/placed-image.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { openedLayers } from '../../../ingest/heads/features/opened-layers.ts';
import { loadHead } from '../../../ingest/heads/linear-head.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { explainImage } from '../../../ingest/tasks/explain-image.ts';
import { storeUpload } from '../../../store/uploads.ts';
import { deviation } from '../engine/pixels.ts';
import { ALEXNET, ALEXNET_FC, TINY } from '../places.ts';
import { eachWithStore } from '../write/open.ts';

const test = eachWithStore();

function opened() {
  const layers = openedLayers(test.store, { targets: ['onnx-cpu'] });
  onTestFinished(() => layers.close());
  return layers;
}

async function tinyImage(index: number) {
  await addDataset(test.store, TINY, { slug: 'tiny' });
  return test.store.prisma.image.findFirstOrThrow({ where: { index, dataset: { slug: 'tiny' } } });
}

it('explains a score in full: the contributions of all units and the bias add up to what the runtime gives', async () => {
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const image = await tinyImage(3);
  const { head: id } = await explainImage(test.store, opened(), { model: 'alexnet', image: image.id });
  const head = await loadHead(test.store, id);
  expect(head).toMatchObject({ kind: 'OWN', datasetId: null, layer: { name: 'conv5' } });
  const feature = await test.store.prisma.feature.findFirstOrThrow();
  const inputs = headInputs('OWN', bytesToFloats(feature.sums), 14 * 14);
  const scores = head.classes.map(({ weights, bias }) => contributions(weights, inputs).reduce((a, b) => a + b, bias));

  const network = await openOnnx(ALEXNET);
  const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
  const runner = await network.start([network.layer('logits')], { normalisation });
  const tiny = await openDense(TINY);
  const [logits] = await runner.run(await readPlacedImage(tiny, tiny.rows[3], { height: 112, width: 112 }, 'STRETCH'), 1);
  await runner.close();
  expect(deviation(scores, logits)).toBeLessThan(1e-5);

  const prediction = await test.store.prisma.prediction.findFirstOrThrow();
  expect(prediction).toMatchObject({
    headId: id,
    imageId: image.id,
    predicted: logits.indexOf(Math.max(...logits)),
    trueClass: null,
    wrong: false,
  });
  expect(prediction.score).toBe(Math.max(...scores));
  const maps = bytesToFloats(feature.maps as Uint8Array);
  expect(maps).toHaveLength(128 * 14 * 14);
  expect(deviation([maps.subarray(7 * 196, 8 * 196).reduce((a, b) => a + b)], [bytesToFloats(feature.sums)[7]])).toBeLessThan(1e-6);
});

it('explains the same bytes from a dataset and from an upload alike, and neither of them twice', async () => {
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const image = await tinyImage(0);
  const bytes = await readFile(path.join(TINY, 'images', image.file));
  const upload = await storeUpload(test.store, bytes, { name: 'mine.jpg', height: image.height, width: image.width });
  const layers = opened();
  for (const one of [image, upload, upload]) await explainImage(test.store, layers, { model: 'alexnet', image: one.id });
  const [a, b] = await test.store.prisma.prediction.findMany();
  expect(await test.store.prisma.prediction.count()).toBe(2);
  expect(b).toMatchObject({ predicted: a.predicted, score: a.score });
  const [first, second] = await test.store.prisma.feature.findMany();
  expect(second.maps).toEqual(first.maps);
  expect(await test.store.prisma.head.count()).toBe(1);
});

it('computes nothing for what is stored: the network need not even be there any more', async () => {
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const { id: image } = await tinyImage(0);
  await explainImage(test.store, opened(), { model: 'alexnet', image });
  await test.store.prisma.model.updateMany({ data: { path: '/gone.onnx' } });
  await expect(explainImage(test.store, opened(), { model: 'alexnet', image })).resolves.toBeDefined();
});

it('forgets what it computed from other pixels, once the model is given them otherwise', async () => {
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const { id: image } = await tinyImage(0);
  await explainImage(test.store, opened(), { model: 'alexnet', image });
  await addModel(test.store, ALEXNET, { slug: 'alexnet', name: 'AlexNet' });
  const [before] = await test.store.prisma.prediction.findMany();
  expect(await test.store.prisma.feature.count()).toBe(1);
  await addModel(test.store, ALEXNET, { slug: 'alexnet', mean: [0.5, 0.5, 0.5] });
  expect([await test.store.prisma.feature.count(), await test.store.prisma.prediction.count()]).toEqual([0, 0]);
  await explainImage(test.store, opened(), { model: 'alexnet', image });
  expect((await test.store.prisma.prediction.findFirstOrThrow()).score).not.toBe(before.score);
  expect(await test.store.prisma.head.count()).toBe(1);
});

it('says what is missing: an image, a head of this model, a head at all', async () => {
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  await addModel(test.store, ALEXNET_FC, { slug: 'fc' });
  const { id: image } = await tinyImage(0);
  const { head } = await explainImage(test.store, opened(), { model: 'alexnet', image });
  const explain = (model: string, row: number, of?: number) => explainImage(test.store, opened(), { model, image: row, head: of });
  await expect(explain('alexnet', 999_999)).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no image 999999.' });
  await expect(explain('fc', image, head)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: `Head ${head} is of model "alexnet", not of "fc".`,
  });
  await expect(explain('fc', image)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining('dissectory classify fc'),
  });
  const broken = await storeUpload(test.store, new Uint8Array(100), { name: 'broken.jpg', height: 10, width: 10 });
  await expect(explain('alexnet', broken.id)).rejects.toMatchObject({ code: 'BAD_IMAGE', message: expect.stringContaining('broken.jpg') });
});
