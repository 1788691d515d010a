import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunSettings } from '../../../ingest/dissection/asked.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import type { Store } from '../../../store/store.ts';
import { contentOf } from '../content.ts';
import { ALEXNET_FC, TINY } from '../places.ts';
import { request } from '../request.ts';
import { type TemporaryStore, temporaryStore } from '../temporary-store.ts';

let store: Store;
let home: string;
let remove: TemporaryStore['remove'] | undefined;

beforeAll(async () => {
  ({ store, home, remove } = await temporaryStore());
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET_FC, { slug: 'fc' });
});
afterAll(() => remove?.());

/** Dissects three layers; gives their content, and the highest progress of the forward passes. */
async function dissected(settings: Partial<RunSettings>) {
  const progress: [number, number][] = [];
  const asked = { ...request(home, { model: 'fc', dataset: 'tiny', layers: ['conv5', 'conv1', 'conv3'] }), ...settings };
  const found = await dissectModel(store, {
    ...asked,
    onProgress: (phase, images, of) => void (phase === 'forward' && progress.push([images, of])),
  });
  const content = await Promise.all(found.map(({ id }) => contentOf(store, id)));
  await store.prisma.dissection.deleteMany();
  return { content, progress };
}

it('two layers at once: three take two passes, of which progress tells together, and have the same numbers', async () => {
  const together = await dissected({});
  const apart = await dissected({ layersAtOnce: 2 });
  expect(apart.content).toEqual(together.content);
  expect(together.progress.at(-1)).toEqual([60, 60]);
  expect(apart.progress.at(-1)).toEqual([120, 120]);
  expect(apart.progress.map(([images]) => images)).toEqual(apart.progress.map(([images]) => images).sort((a, b) => a - b));
});
