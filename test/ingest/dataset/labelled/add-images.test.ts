import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { openLabelled } from '../../../../ingest/dataset/labelled/open-labelled.ts';
import { openDataset } from '../../../../ingest/registered/registered.ts';
import { addDataset } from '../../../../ingest/tasks/add-dataset.ts';
import { addImages } from '../../../../ingest/tasks/add-images.ts';
import { TINY } from '../../places.ts';
import { eachWithStore } from '../../write/open.ts';

const test = eachWithStore();
const picture = await sharp({ create: { width: 6, height: 4, channels: 3, background: 'red' } })
  .png()
  .toBuffer();

/** A folder with these files; `null` is a picture of 6 x 4 pixels. */
function folder(files: Record<string, string | null>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'dissectory-labelled-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content ?? picture);
  }
  return root;
}

const BY_CLASS = {
  'train/dog/b.png': null,
  'train/cat/a.png': null,
  'test/cat/c.png': null,
  'train/dog/notes.txt': 'no image',
  'test/.hidden/x.png': null,
};
const stored = () => test.store.prisma.image.findMany({ orderBy: { index: 'asc' } });

it('registers train/CLASS and test/CLASS with sizes and classes in alphabetical order', async () => {
  const root = folder(BY_CLASS);
  const dataset = await addImages(test.store, root, { slug: 'pets' });
  expect(dataset).toMatchObject({ slug: 'pets', name: 'pets', kind: 'LABELLED', path: root, imageCount: 3, classes: ['cat', 'dog'] });
  expect(await stored()).toMatchObject([
    { index: 0, file: 'train/cat/a.png', split: 'train', classIndex: 0, height: 4, width: 6 },
    { index: 1, file: 'train/dog/b.png', split: 'train', classIndex: 1 },
    { index: 2, file: 'test/cat/c.png', split: 'test', classIndex: 0 },
  ]);
  const opened = await openLabelled(test.store, 'pets');
  expect(opened.images.map(({ file }) => file)).toEqual(['train/cat/a.png', 'train/dog/b.png', 'test/cat/c.png']);
});

it('reads the same from a CSV with paths relative to its folder', async () => {
  const root = folder({
    ...BY_CLASS,
    'list.csv': 'path,class,split\r\ntrain/cat/a.png,cat,train\r\ntrain/dog/b.png,dog,train\r\ntest/cat/c.png,cat,test\r\n',
  });
  const fromCsv = await addImages(test.store, path.join(root, 'list.csv'), { slug: 'list' });
  const fromFolder = await addImages(test.store, root, { slug: 'folder' });
  expect(fromCsv).toMatchObject({ path: root, sha256: fromFolder.sha256, classes: ['cat', 'dog'] });
});

it('is the same row for the same content, wherever it moved; another content needs another slug', async () => {
  const root = folder(BY_CLASS);
  const first = await addImages(test.store, root, { slug: 'pets' });
  const moved = folder({});
  cpSync(root, moved, { recursive: true });
  expect(await addImages(test.store, moved, { slug: 'pets', name: 'Pets' })).toMatchObject({ id: first.id, path: moved, name: 'Pets' });
  writeFileSync(path.join(moved, 'train/cat/new.png'), picture);
  await expect(addImages(test.store, moved, { slug: 'pets' })).rejects.toMatchObject({ code: 'CONFLICT' });
});

const FAULTS: [string, string, RegExp][] = [
  ['a file that is missing', 'a.png,cat,train\ngone.png,dog,train', /gone\.png: is missing; .* \(list\.csv, line 3\)/],
  ['a file that is no image', 'a.png,cat,train\nbroken.png,dog,train', /broken\.png: is no readable image .* \(list\.csv, line 3\)/],
  [
    'a path out of the folder',
    'a.png,cat,train\n../a.png,dog,train',
    /list\.csv, line 3: "\.\.\/a\.png" is not the path of a file below this folder/,
  ],
  ['an image named twice', 'a.png,cat,train\na.png,dog,train', /line 3: names a\.png again, as line 2 does/],
  ['a split of another name', 'a.png,cat,train\nb.png,dog,val', /line 3: "val" is no split: write train or test/],
  ['a class without a name', 'a.png,,train', /line 2: names no class/],
  ['one class only', 'a.png,cat,train\nb.png,cat,test', /names one class only/],
  ['a class that nothing can be learnt of', 'a.png,cat,train\nb.png,dog,test', /dog has no image in train/],
];

it('refuses a CSV with any fault, naming file and line, and stores nothing', async () => {
  for (const [what, lines, message] of FAULTS) {
    const root = folder({ 'a.png': null, 'b.png': null, 'broken.png': 'none', 'list.csv': `path,class,split\n${lines}\n` });
    const adding = addImages(test.store, path.join(root, 'list.csv'), { slug: 'pets' });
    await expect(adding, what).rejects.toMatchObject({ code: 'BAD_DATASET', message: expect.stringMatching(message) });
  }
  expect(await test.store.prisma.dataset.count()).toBe(0);
});

it('refuses a folder of another layout, and files that changed since', async () => {
  await expect(addImages(test.store, folder({ 'cat/a.png': null }), { slug: 'pets' })).rejects.toMatchObject({
    code: 'BAD_DATASET',
    message: expect.stringContaining('train/CLASS/'),
  });
  const root = folder(BY_CLASS);
  await addImages(test.store, root, { slug: 'pets' });
  writeFileSync(path.join(root, 'train/cat/a.png'), 'other');
  await expect(openLabelled(test.store, 'pets')).rejects.toMatchObject({
    code: 'BAD_DATASET',
    message: expect.stringContaining('changed since'),
  });
});

it('keeps datasets of different kinds apart, and the slug of uploads', async () => {
  await addDataset(test.store, TINY, { slug: 'tiny' });
  await expect(openLabelled(test.store, 'tiny')).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining('images by class'),
  });
  await addImages(test.store, folder(BY_CLASS), { slug: 'pets' });
  await expect(openDataset(test.store, 'pets')).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining('images by class'),
  });
  await expect(addImages(test.store, folder(BY_CLASS), { slug: 'uploads' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});
