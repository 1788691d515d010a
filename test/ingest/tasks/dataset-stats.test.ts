import { expect, it } from 'vitest';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { datasetStats } from '../../../ingest/tasks/dataset-stats.ts';
import { smallBroden } from '../dataset/small.ts';
import { eachWithStore } from '../write/open.ts';

const test = eachWithStore();

it('tells classes and average samples, category by category in the dataset’s own order', async () => {
  await addDataset(test.store, await smallBroden(), { slug: 'small' });
  // wall stands on two images, boat and wheel on one each; the parts on one; street on two, harbour on one
  expect(await datasetStats(test.store, 'small')).toEqual([
    { category: 'object', classes: 3, averageSample: 4 / 3 },
    { category: 'part', classes: 2, averageSample: 1 },
    { category: 'scene', classes: 2, averageSample: 1.5 },
  ]);
});

it('refuses a dataset that is not registered', async () => {
  await expect(datasetStats(test.store, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
