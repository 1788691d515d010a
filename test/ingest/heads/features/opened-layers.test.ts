import { expect, it, onTestFinished } from 'vitest';
import { openedLayers } from '../../../../ingest/heads/features/opened-layers.ts';
import { addModel } from '../../../../ingest/tasks/add-model.ts';
import { ALEXNET } from '../../places.ts';
import { eachWithStore } from '../../write/open.ts';

const test = eachWithStore();

it('keeps the four layers that were asked for last, and opens one anew whose model is given other pixels', async () => {
  const { model } = await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const layers = openedLayers(test.store, { targets: ['onnx-cpu'] });
  onTestFinished(() => layers.close());
  const conv1 = await layers.get(model, 'conv1');
  for (const name of ['conv2', 'conv3', 'conv4']) await layers.get(model, name);
  expect(await layers.get(model, 'conv1')).toBe(conv1);
  const conv5 = await layers.get(model, 'conv5'); // conv2 goes: conv1 was asked for since
  expect(await layers.get(model, 'conv1')).toBe(conv1);
  expect(await layers.get(model, 'conv5')).toBe(conv5);
  const { model: changed } = await addModel(test.store, ALEXNET, { slug: 'alexnet', mean: [0.5, 0.5, 0.5] });
  expect(await layers.get(changed, 'conv5')).not.toBe(conv5);
});

it('tries again what did not open', async () => {
  const { model } = await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const layers = openedLayers(test.store, { targets: ['onnx-cpu'] });
  onTestFinished(() => layers.close());
  await test.store.prisma.model.updateMany({ data: { path: '/gone.onnx' } });
  await expect(layers.get(model, 'conv5')).rejects.toMatchObject({ code: 'BAD_MODEL' });
  await test.store.prisma.model.updateMany({ data: { path: ALEXNET } });
  await expect(layers.get(model, 'conv5')).resolves.toMatchObject({ layer: { name: 'conv5' } });
});
