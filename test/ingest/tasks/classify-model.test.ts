import { expect, it, onTestFinished } from 'vitest';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { addImages } from '../../../ingest/tasks/add-images.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { type ClassifyRequest, classifyModel } from '../../../ingest/tasks/classify-model.ts';
import { ALEXNET, ALEXNET_FC } from '../places.ts';
import { writeScenes } from '../scenes.ts';
import { eachWithStore } from '../write/open.ts';

const test = eachWithStore();

/** Twelve images of each of three scenes, four of them for testing. */
async function addScenes(splits: readonly string[] = ['train', 'train', 'test']): Promise<void> {
  const { csv, remove } = writeScenes({ forest: 'forest', street: 'street', underwater: 'underwater' }, 12, splits);
  onTestFinished(remove);
  await addImages(test.store, csv, { slug: 'scenes' });
}

const classify = (request: Partial<ClassifyRequest> = {}) =>
  classifyModel(test.store, { model: 'alexnet', images: 'scenes', targets: ['onnx-cpu'], onProgress: () => {}, ...request });

it('trains an SVM, and tests it beside the network’s own head; wrong ones keep the maps that explain them', async () => {
  await addScenes();
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const heads = await classify();
  expect(heads).toMatchObject([
    { kind: 'SVM', layer: 'conv5', imageCount: 12 },
    { kind: 'OWN', layer: 'conv5', imageCount: 12 },
  ]);
  const stored = await test.store.prisma.head.findMany({
    orderBy: { kind: 'asc' },
    include: { classes: { orderBy: { index: 'asc' } }, predictions: true, evaluations: true, dataset: true },
  });
  expect(stored.map(({ kind }) => kind)).toEqual(['OWN', 'SVM']);
  expect(stored[1].classes.map(({ name }) => name)).toEqual(['forest', 'street', 'underwater']);
  expect(stored[1]).toMatchObject({ dataset: { slug: 'scenes' }, parameters: { c: 0.001, loss: 'squared hinge', provider: 'cpu' } });
  expect(Math.max(...(stored[1].parameters as { gaps: number[] }).gaps)).toBeLessThan(1e-6);
  for (const { kind, classes, predictions, evaluations } of stored) {
    expect(predictions).toHaveLength(12);
    const shares = ['forest', 'street', 'underwater'].map((name) => {
      const own = predictions.filter(({ trueClass }) => classes[trueClass as number].name === name);
      expect(own).toHaveLength(4);
      return own.filter(({ predicted, trueClass }) => predicted === trueClass).length / 4;
    });
    expect(predictions.every(({ wrong, predicted, trueClass }) => wrong === (predicted !== trueClass))).toBe(true);
    const mean = shares.reduce((a, b) => a + b) / 3;
    expect(evaluations).toMatchObject([{ imageCount: 12, accuracy: mean }]);
    expect((evaluations[0].classAccuracies as (number | null)[]).filter((share) => share !== null)).toEqual(shares);
    expect(heads.find((head) => head.kind === kind)?.accuracy).toBe(mean);
  }
  const wrong = new Set(stored.flatMap(({ predictions }) => predictions.filter((one) => one.wrong).map(({ imageId }) => imageId)));
  const features = await test.store.prisma.feature.findMany();
  expect(features).toHaveLength(36);
  expect(
    features
      .filter(({ maps }) => maps !== null)
      .map(({ imageId }) => imageId)
      .sort(),
  ).toEqual([...wrong].sort());
});

it('finds what it has computed, and goes on where it was told to stop', async () => {
  await addScenes();
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const stopping = new AbortController();
  const stopped = classify({
    batchSize: 4,
    signal: stopping.signal,
    onProgress: (_phase, done) => {
      if (done >= 8) stopping.abort(new Error('stop'));
    },
  });
  await expect(stopped).rejects.toThrow('stop');
  const begun = await test.store.prisma.feature.count();
  expect(begun).toBe(8);
  const seen: number[] = [];
  const first = await classify({ onProgress: (phase, done) => void (phase === 'features' && seen.push(done)) });
  expect(seen[0]).toBe(8);
  expect(await classify()).toEqual(first);
  expect(await test.store.prisma.head.count()).toBe(2);
});

it('takes the deepest layer of a network without a head of its own, or the one that is named', async () => {
  await addScenes();
  await addModel(test.store, ALEXNET_FC, { slug: 'alexnet' });
  expect(await classify()).toMatchObject([{ kind: 'SVM', layer: 'conv5' }]);
  expect(await classify({ layer: 'conv4' })).toMatchObject([{ kind: 'SVM', layer: 'conv4' }]);
});

it('knows the layer of the own head by all its names', async () => {
  await addScenes();
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const { node } = (await openOnnx(ALEXNET)).layer('conv5');
  expect(node).not.toBe('conv5');
  expect(await classify({ layer: node ?? '' })).toMatchObject([
    { kind: 'SVM', layer: 'conv5' },
    { kind: 'OWN', layer: 'conv5' },
  ]);
});

it('says where there is nothing to test on', async () => {
  await addScenes(['train']);
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  await expect(classify()).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('no test images') });
  await expect(classify({ images: 'pets' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
