import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { MOST_UPLOAD_BYTES, storeUpload } from '../../store/uploads.ts';
import { eachWithStore } from '../ingest/write/open.ts';

const test = eachWithStore();
const bytes = new Uint8Array([1, 2, 3]);

it('makes the dataset on first use, and keeps the bytes as they came', async () => {
  const image = await storeUpload(test.store, bytes, { name: 'C:\\photos\\dog.jpg', height: 20, width: 30 });
  expect(image).toMatchObject({ index: 0, file: 'dog.jpg', height: 20, width: 30, classIndex: null });
  expect(image.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  const upload = await test.store.prisma.upload.findUniqueOrThrow({ where: { imageId: image.id } });
  expect(new Uint8Array(upload.bytes)).toEqual(bytes);
  const dataset = await test.store.prisma.dataset.findUniqueOrThrow({ where: { id: image.datasetId } });
  expect(dataset).toMatchObject({ slug: 'uploads', kind: 'UPLOADS', path: null, sha256: null, imageCount: 1 });
});

it('is one row for the same bytes, also where several send them at once', async () => {
  const send = (name: string, last: number) => storeUpload(test.store, new Uint8Array([1, 2, last]), { name, height: 2, width: 2 });
  const rows = await Promise.all([send('a.jpg', 3), send('b.jpg', 3), send('c.jpg', 4), send('d.jpg', 3)]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
  expect((await send('e.jpg', 3)).id).toBe(rows[0].id);
  const [dataset] = await test.store.prisma.dataset.findMany({ include: { images: { orderBy: { index: 'asc' } } } });
  expect(dataset.imageCount).toBe(2);
  expect(dataset.images.map(({ index }) => index)).toEqual([0, 1]);
});

it('refuses images beyond 20 MB or 50 megapixels, and stores nothing of them', async () => {
  const send = (length: number, height: number) =>
    storeUpload(test.store, new Uint8Array(length), { name: 'large.png', height, width: 10_000 });
  await expect(send(MOST_UPLOAD_BYTES + 1, 1)).rejects.toMatchObject({ code: 'BAD_IMAGE' });
  await expect(send(1, 5001)).rejects.toMatchObject({
    code: 'BAD_IMAGE',
    message: 'The image is too large (0.0 MB, 10000 x 5001 pixels): at most 20 MB and 50 megapixels are taken.',
  });
  expect(await test.store.prisma.dataset.count()).toBe(0);
});

it('leaves a dataset alone that somebody called "uploads"', async () => {
  await test.store.prisma.dataset.create({ data: { slug: 'uploads', name: 'Mine', imageCount: 0 } });
  await expect(storeUpload(test.store, bytes, { name: 'a.jpg', height: 2, width: 2 })).rejects.toMatchObject({ code: 'CONFLICT' });
});
