import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openModel } from '../../../ingest/registered/registered.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { writeActivations } from '../../../ingest/tasks/write-activations.ts';
import type { Store } from '../../../store/store.ts';
import { readNpy } from '../../npy.ts';
import { deviation } from '../engine/pixels.ts';
import { ALEXNET, TINY } from '../places.ts';
import { type TemporaryStore, temporaryStore } from '../temporary-store.ts';

let store: Store;
let home: string;
let remove: TemporaryStore['remove'] | undefined;
beforeAll(async () => {
  ({ store, home, remove } = await temporaryStore());
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET, { slug: 'alexnet' });
});
afterAll(() => remove?.());

it('writes what the layers give for each image of a dataset, whatever the batch', async () => {
  const request = { model: 'alexnet', images: 'tiny', targets: ['onnx-cpu' as const], onProgress: () => {} };
  const both = await writeActivations(store, { ...request, layers: ['conv4', 'conv5'], out: path.join(home, 'maps.npy') });
  expect(both.map(({ file }) => path.basename(file))).toEqual(['maps.conv4.npy', 'maps.conv5.npy']);
  const { network } = await openModel(store, 'alexnet');
  const { units, grid } = network.layer('conv5');
  const [, { shape, images, file }] = both;
  expect(shape).toEqual([images.length, units, grid.height, grid.width]);
  const out = path.join(home, 'alone.npy');
  const [alone] = await writeActivations(store, { ...request, layers: ['conv5'], out, batchSize: 1 });
  expect(alone.file).toBe(out);
  const [one, other] = [readNpy(file), readNpy(out)];
  expect(one).toHaveLength(shape.reduce((product, size) => product * size, 1));
  expect(one.some((value) => value > 0)).toBe(true);
  expect(deviation(one, other)).toBeLessThan(1e-5);
});
