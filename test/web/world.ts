import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../ingest/tasks/dissect-model.ts';
import { indexDataset } from '../../ingest/tasks/index-dataset.ts';
import { ALEXNET, ALEXNET_FC, TINY } from '../ingest/places.ts';
import type { TemporaryStore } from '../ingest/temporary-store.ts';

/** Real dissections of 60 images: two networks, one of them twice as if it were the checkpoints of a training. */
export async function fillStore({ store, home }: TemporaryStore): Promise<void> {
  await addDataset(store, TINY, { slug: 'tiny' });
  await indexDataset(store, 'tiny', () => {});
  await addModel(store, ALEXNET, { slug: 'run@100', series: 'run', iteration: 100, accuracy: 0.5 });
  await addModel(store, ALEXNET, { slug: 'run', series: 'run', iteration: 1000, accuracy: 0.9 });
  await addModel(store, ALEXNET_FC, { slug: 'alexnet-fc' });
  for (const [model, layers] of [
    ['run@100', ['conv5']],
    ['run', ['conv5']],
    ['alexnet-fc', ['conv4', 'conv5']],
  ] as const) {
    await dissectModel(store, { model, dataset: 'tiny', layers: [...layers], tau: 0.005, memory: 2 ** 28, home, onProgress: () => {} });
  }
}
