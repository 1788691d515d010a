import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import { type ExplainRequest, explainImages } from '../../../ingest/tasks/explain-images.ts';
import { ALEXNET, TINY } from '../places.ts';
import { eachWithStore } from '../write/open.ts';

const test = eachWithStore();

const explain = (request: Partial<ExplainRequest>) =>
  explainImages(test.store, { model: 'alexnet', images: 'tiny', top: 3, targets: ['onnx-cpu'], onProgress: () => {}, ...request });

function emptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-photos-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('explains files of a folder by labels of the last dissection, as it explains the same images of the dataset', async () => {
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  await addDataset(test.store, TINY, { slug: 'tiny' });
  const settings = { targets: ['onnx-cpu'], memory: 2 ** 28, home: emptyFolder(), onProgress: () => {} } as const;
  await dissectModel(test.store, { model: 'alexnet', dataset: 'tiny', layers: ['conv5'], tau: 0.005, ...settings });
  const folder = emptyFolder();
  mkdirSync(path.join(folder, 'more'));
  copyFileSync(path.join(TINY, 'images/scene/s_00049.jpg'), path.join(folder, 'b.jpg'));
  copyFileSync(path.join(TINY, 'images/scene/s_00008.jpg'), path.join(folder, 'more/a.jpg'));
  writeFileSync(path.join(folder, 'notes.txt'), 'no image');

  const files = await explain({ images: folder });
  expect(files.map(({ file }) => file)).toEqual(['b.jpg', 'a.jpg']);
  const rows = await explain({ images: 'tiny' });
  expect(rows).toHaveLength(60);
  const { id: _, file: __, ...same } = rows.find(({ file }) => file === 'scene/s_00049.jpg') ?? rows[0];
  expect(files[0]).toMatchObject(same);

  const units = await test.store.prisma.unit.findMany({ orderBy: { index: 'asc' }, include: { label: true } });
  for (const { units: told, predicted, className } of rows) {
    expect(className).toBe(predicted);
    expect(told).toHaveLength(3);
    for (const { unit, weight, activation, contribution, label, iou } of told) {
      expect(contribution).toBe(weight * activation);
      expect({ label, iou }).toEqual({ label: units[unit].label?.name ?? null, iou: units[unit].iou });
    }
  }
});

it('explains another class than the predicted one: all contributions and the bias are its score', async () => {
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const [explained] = await explain({ images: path.join(TINY, 'images/scene/s_00049.jpg'), className: 'kitchen', top: 128 });
  const sum = explained.units.reduce((total, { contribution }) => total + contribution, explained.bias);
  expect(explained.className).toBe('kitchen');
  expect(Math.abs(sum - explained.score)).toBeLessThan(1e-9 * Math.abs(explained.score));
  const [best] = await explain({ images: path.join(TINY, 'images/scene/s_00049.jpg') });
  expect(best.score).toBeGreaterThan(explained.score);
});

it('says what it cannot explain', async () => {
  await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const folder = emptyFolder();
  await expect(explain({ images: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('"nowhere"') });
  await expect(explain({ images: folder })).rejects.toMatchObject({ code: 'BAD_INPUT', message: `There is no image in ${folder}.` });
  writeFileSync(path.join(folder, 'broken.jpg'), 'none');
  await expect(explain({ images: folder })).rejects.toMatchObject({ code: 'BAD_IMAGE', message: expect.stringContaining('broken.jpg') });
  await expect(explain({ images: TINY, className: 'moon' })).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining('airport, beach'),
  });
});
