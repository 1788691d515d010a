import { expect, it } from 'vitest';
import { registerDataset } from '../../../ingest/write/dataset.ts';
import { eachWithStore } from './open.ts';
import { dense } from './sample.ts';

const test = eachWithStore();
const named = { slug: 'broden', name: 'Broden' };

it('stores the dataset with its categories, concepts and images', async () => {
  const { id } = await registerDataset(test.store, dense, named);
  const stored = await test.store.prisma.dataset.findUniqueOrThrow({
    where: { id },
    include: { categories: { orderBy: { index: 'asc' } }, concepts: { orderBy: { index: 'asc' } }, images: { orderBy: { index: 'asc' } } },
  });
  expect(stored).toMatchObject({ ...named, path: '/data/broden', sha256: dense.sha256, imageCount: 3 });
  expect(stored.categories.map(({ category }) => category)).toEqual(['OBJECT', 'COLOR']);
  expect(stored.concepts.map(({ id: _, datasetId: __, ...concept }) => concept)).toEqual(dense.concepts);
  expect(stored.images.map(({ id: _, datasetId: __, ...image }) => image)).toEqual(
    dense.rows.map(({ line: _, entry: __, ...image }) => ({ ...image, classIndex: null, sha256: null })),
  );
});

it('finds the same content under the same slug again, and takes its new folder and name', async () => {
  const first = await registerDataset(test.store, dense, named);
  const again = await registerDataset(test.store, { ...dense, root: '/moved' }, { slug: 'broden', name: 'Broden v1' });
  expect(again).toEqual({ ...first, name: 'Broden v1', path: '/moved' });
  expect(await test.store.prisma.image.count()).toBe(3);
});

it('is one row where two processes register it at once', async () => {
  const rows = await Promise.all([1, 2, 3].map(() => registerDataset(test.store, dense, named)));
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  expect(await test.store.prisma.concept.count()).toBe(3);
});

it('refuses a slug that belongs to another content', async () => {
  await registerDataset(test.store, dense, named);
  const other = { ...dense, root: '/other', sha256: 'e'.repeat(64) };
  await expect(registerDataset(test.store, other, named)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'Dataset "broden" exists with another content than /other: choose another slug.',
  });
});

it('leaves nothing of a dataset that cannot be stored whole', async () => {
  const twice = { ...dense, rows: [dense.rows[0], dense.rows[0]] };
  await expect(registerDataset(test.store, twice, named)).rejects.toMatchObject({ code: '23505' });
  expect([await test.store.prisma.dataset.count(), await test.store.prisma.concept.count()]).toEqual([0, 0]);
});
