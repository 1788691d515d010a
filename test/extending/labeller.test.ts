/**
 * What CONTRIBUTING.md says of adding a labelling method: a folder and a line in a table. Here the folder names units
 * by how loud they are.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Labeller } from '../../ingest/labelling/labeller.ts';
import { LABELLERS } from '../../ingest/labelling/labellers.ts';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../ingest/tasks/dissect-model.ts';
import { exportDissection } from '../../ingest/tasks/export-dissection.ts';
import type { Store } from '../../store/store.ts';
import { ALEXNET, TINY } from '../ingest/places.ts';
import { request } from '../ingest/request.ts';
import { type TemporaryStore, temporaryStore } from '../ingest/temporary-store.ts';

/** The concept of the image on which a unit is loudest, the first of those that it has; scored by the loudness. */
const loudest: Labeller = {
  needsActivity: true,
  needsConcepts: true,
  async *finish({ subject, activity, concepts }) {
    if (!activity || !concepts) throw new Error('nothing was kept');
    const { maxima } = await activity.read(0, subject.units);
    for (let unit = 0; unit < subject.units; unit++) {
      const own = maxima.subarray(unit * activity.images, (unit + 1) * activity.images);
      const score = Math.max(...own);
      const concept = concepts.concepts[concepts.starts[own.indexOf(score)]];
      const label = { text: `loudest on ${subject.conceptNames[concept]}`, concepts: [concept], operators: [], score, standardError: null };
      yield { labels: [{ ...label, intersection: null, union: null, images: null, proven: null, details: null }], scores: [] };
    }
  },
};
const table: Record<string, Labeller> = LABELLERS;

let store: Store;
let home: string;
let remove: TemporaryStore['remove'] | undefined;
beforeAll(async () => {
  table.loudest = loudest;
  ({ store, home, remove } = await temporaryStore());
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET, { slug: 'alexnet' });
});
afterAll(async () => {
  delete table.loudest;
  await remove?.();
});

it('a method of the table is asked for, stored, found and exported by its name', async () => {
  const asked = { ...request(home, { model: 'alexnet', dataset: 'tiny', layers: ['conv5'] }), labels: ['loudest'] };
  const [{ id, computed }] = await dissectModel(store, asked);
  expect(computed).toBe(true);
  expect(await dissectModel(store, asked)).toMatchObject([{ id, computed: false }]);
  const { units } = await exportDissection(store, id);
  for (const { maxActivation, labels } of units) {
    const [label] = labels.filter(({ method }) => method === 'loudest');
    expect(label).toMatchObject({ rank: 1, score: maxActivation, standardError: null, interval: null });
    expect(label.text).toBe(`loudest on ${label.concepts[0].name}`);
  }
}, 120_000);
