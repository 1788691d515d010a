import { expect, it, onTestFinished } from 'vitest';
import { openLabelled } from '../../../ingest/dataset/labelled/open-labelled.ts';
import { rerunAblation } from '../../../ingest/heads/rerun.ts';
import { testedImages } from '../../../ingest/heads/tested-images.ts';
import { openModel } from '../../../ingest/registered/registered.ts';
import { type AblateRequest, ablateModel } from '../../../ingest/tasks/ablate-model.ts';
import { addImages } from '../../../ingest/tasks/add-images.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { classifyModel } from '../../../ingest/tasks/classify-model.ts';
import { deviation } from '../engine/pixels.ts';
import { ALEXNET, ALEXNET_FC } from '../places.ts';
import { writeScenes } from '../scenes.ts';
import { eachWithStore } from '../write/open.ts';

const test = eachWithStore();

/** Two scenes of six images each, half of them for testing. */
async function addScenes([forest, street] = ['forest', 'street']): Promise<void> {
  const { csv, remove } = writeScenes({ forest, street }, 6, ['train', 'test']);
  onTestFinished(remove);
  await addImages(test.store, csv, { slug: 'scenes' });
}

const ablate = (request: Partial<AblateRequest> = {}) =>
  ablateModel(test.store, { model: 'alexnet', images: 'scenes', targets: ['onnx-cpu'], onProgress: () => {}, ...request });
const stored = () => test.store.prisma.ablation.findMany({ include: { classes: { orderBy: { index: 'asc' } } }, orderBy: { id: 'asc' } });

it('finds from the weights of a pooled head what running the network again finds', async () => {
  await addScenes();
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const ablated = await ablate();
  expect(ablated).toMatchObject({ method: 'EXACT', layer: 'conv5', computed: true });
  const [{ classes, ...ablation }] = await stored();
  expect(ablation).toMatchObject({ method: 'EXACT', imageCount: 6, parameters: { provider: 'cpu' } });
  expect(classes).toHaveLength(16);
  expect(classes.filter(({ imageCount }) => imageCount > 0).map(({ name, imageCount }) => [name, imageCount])).toEqual([
    ['forest', 3],
    ['street', 3],
  ]);

  const { network, normalisation } = await openModel(test.store, 'alexnet');
  const rerun = await network.rerun(network.layer('conv5'), normalisation);
  if (!rerun) throw new Error('no scores');
  const tested = testedImages(
    await openLabelled(test.store, 'scenes'),
    classes.map(({ name }) => name),
  );
  const tally = await rerunAblation(test.store, rerun, tested, { input: { height: 112, width: 112 }, resize: 'STRETCH', units: 128 });
  await rerun.close();
  for (const { index, scoreDrops, accuracyDrops, imageCount } of classes.filter((one) => one.imageCount > 0)) {
    const ofClass = (values: Float64Array) => values.subarray(index * 128, (index + 1) * 128).map((value) => value / imageCount);
    expect(deviation(ofClass(tally.scoreDrops), scoreDrops)).toBeLessThan(1e-4);
    expect([...ofClass(tally.losses)]).toEqual(accuracyDrops);
  }
});

it('takes every name of the head’s layer, and finds one ablation under all of them', async () => {
  await addScenes();
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const { network } = await openModel(test.store, 'alexnet');
  const { name, node, aliases } = network.layer('conv5');
  const others = [node, ...aliases].filter((one) => one !== null && one !== name);
  expect(others.length).toBeGreaterThan(0);
  const first = await ablate({ layer: others[0] as string });
  expect(first).toMatchObject({ method: 'EXACT', computed: true });
  expect((await ablate()).id).toBe(first.id);
  expect(await test.store.prisma.layer.count({ where: { name: { in: [name, ...(others as string[])] } } })).toBe(1);
});

it('runs a network without a linear head again, for the layer that is named; the same again is found', async () => {
  await addScenes();
  await addModel(test.store, ALEXNET_FC, { slug: 'alexnet' });
  await expect(ablate()).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('--layer') });
  const first = await ablate({ layer: 'conv5' });
  expect(first).toMatchObject({ method: 'RERUN', layer: 'conv5', computed: true });
  expect(await ablate({ layer: 'conv5' })).toEqual({ ...first, computed: false });
  const [ablation] = await stored();
  expect(ablation).toMatchObject({ headId: null, imageCount: 6, parameters: { engine: 'onnxruntime-node' } });
  expect(ablation.classes.every(({ scoreDrops }) => scoreDrops.length === 128)).toBe(true);
  await expect(ablate({ layer: 'logits' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('no scores') });
});

it('takes the weights of an SVM that is named', async () => {
  await addScenes();
  await addModel(test.store, ALEXNET_FC, { slug: 'alexnet' });
  const [svm] = await classifyModel(test.store, { model: 'alexnet', images: 'scenes', targets: ['onnx-cpu'], onProgress: () => {} });
  expect(await ablate({ head: svm.head })).toMatchObject({ method: 'EXACT', layer: 'conv5' });
  const [{ headId, classes }] = await stored();
  expect([headId, classes.map(({ name }) => name)]).toEqual([svm.head, ['forest', 'street']]);
});

it('says where network and images call no class alike', async () => {
  await addScenes(['wood', 'road']);
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  await expect(ablate()).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('call classes alike') });
});
