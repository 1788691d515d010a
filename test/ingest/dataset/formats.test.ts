import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkDense } from '../../../ingest/dataset/check.ts';
import type { DenseDataset } from '../../../ingest/dataset/dataset.ts';
import { describeFault } from '../../../ingest/dataset/fault.ts';
import { formatNamed, formats, recogniseFormat } from '../../../ingest/dataset/formats.ts';
import { openDense, openSource, sourceOf } from '../../../ingest/dataset/open.ts';
import { localPlace } from '../../../ingest/dataset/place.ts';
import { surveyDataset } from '../../../ingest/dataset/survey.ts';
import { ignoredIn, masksOf } from './masks-of.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures/formats');

interface Truth {
  height: number;
  width: number;
  masks: Record<string, string[]>;
  ignored?: string[];
}

/** By format and picture; see make.py beside it. */
const truth: Record<string, Record<string, Truth>> = JSON.parse(readFileSync(path.join(fixtures, 'truth.json'), 'utf8'));

const folderOf = (format: string) => path.join(fixtures, format === 'mapillary-v1.2' ? 'mapillary-v2' : format);

async function readAll(dataset: DenseDataset): Promise<Record<string, Truth>> {
  const found: Record<string, Truth> = {};
  for (const row of dataset.rows) {
    const labels = await dataset.readLabels(row);
    const { height, width } = labels;
    const drawn = (mask: Uint8Array) =>
      Array.from({ length: height }, (_, y) => Array.from(mask.subarray(y * width, (y + 1) * width), (one) => '.#'[one]).join(''));
    const masks = Object.fromEntries(Array.from(masksOf(dataset, labels), ([name, mask]) => [name, drawn(mask)]));
    found[row.file] = { height, width, masks, ...(labels.ignored.length > 0 && { ignored: drawn(ignoredIn(labels)) }) };
    const present = new Set(Object.keys(masks).map((name) => name.slice(0, name.indexOf(' '))));
    expect(labels.present.map((category) => dataset.categories[category])).toEqual(dataset.categories.filter((name) => present.has(name)));
  }
  return found;
}

test('every format but Broden has a fixture', () => {
  expect(Object.keys(truth).sort()).toEqual(
    formats
      .map(({ name }) => name)
      .filter((name) => name !== 'broden')
      .sort(),
  );
});

describe.each(Object.keys(truth))('%s', (name) => {
  test('is recognised by itself', async () => {
    const expected = name === 'mapillary-v1.2' ? 'mapillary-v2' : name; // both versions lie in one folder, and the newer is read
    expect((await recogniseFormat(localPlace(folderOf(name)))).name).toBe(expected);
  });

  test('gives every pixel of every concept, and the pixels that are ignored', async () => {
    expect(await readAll(await openDense(folderOf(name), formatNamed(name)))).toEqual(truth[name]);
  });

  test('has the concepts that its pictures show, counted; opened again with them, here or in a thread, it gives the same pixels', async () => {
    const first = await openDense(folderOf(name), formatNamed(name));
    const known = await surveyDataset(first, () => {});
    const again = await openDense(folderOf(name), formatNamed(name), known);
    expect(again.sha256).toBe(first.sha256);
    expect(again.concepts).toEqual(known);
    expect(await readAll(again)).toEqual(truth[name]);
    expect(await readAll(await openSource(sourceOf(again)))).toEqual(truth[name]);
    const pixels = Object.values(truth[name]).flatMap(({ masks, height, width }) =>
      Object.entries(masks).map(([concept, rows]) => ({ concept, share: rows.join('').replaceAll('.', '').length / (height * width) })),
    );
    expect(known.map(({ category, name: own }) => `${category} ${own}`).sort()).toEqual(
      [...new Set(pixels.map(({ concept }) => concept))].sort(),
    );
    for (const { category, name: own, frequency, coverage } of known) {
      const shares = pixels.filter(({ concept }) => concept === `${category} ${own}`).map(({ share }) => share);
      expect(frequency).toBe(shares.length);
      expect(coverage).toBeCloseTo(
        shares.reduce((sum, share) => sum + share, 0),
        12,
      );
    }
  });

  test('is checked: no fault in it, and each picture named when all are gone', async () => {
    const format = formatNamed(name);
    const faultsOf = async (root: string) => {
      const faults: string[] = [];
      for await (const fault of checkDense(format, root, () => {})) faults.push(describeFault(fault));
      return faults;
    };
    expect(await faultsOf(folderOf(name))).toEqual([]);
    const copy = mkdtempSync(path.join(tmpdir(), 'dissectory-format-'));
    cpSync(folderOf(name), copy, { recursive: true });
    const { rows, imageFolder } = await openDense(copy, format);
    for (const { file } of rows) rmSync(path.join(copy, imageFolder, file));
    const faults = await faultsOf(copy);
    for (const { file } of rows) {
      const stem = path.basename(file, path.extname(file)).replace(/_leftImg8bit$/, '');
      if (name !== 'textures-plain')
        expect(
          faults.some((fault) => fault.includes(stem)),
          `${file}: ${faults.join('; ')}`,
        ).toBe(true);
    }
    expect(faults.length).toBeGreaterThan(0);
    rmSync(copy, { recursive: true });
  });

  test('owns each file that it is made of', async () => {
    const format = formatNamed(name);
    const dataset = await openDense(folderOf(name), format);
    for (const { file } of dataset.files()) expect(format.owns(file), file).toBe(true);
  });
});

test('a picture that EXIF turns is read as shown, as its labels are', async () => {
  const dataset = await openDense(folderOf('masks'));
  const row = dataset.rows.find(({ file }) => file === 'images/b.jpg');
  if (!row) throw new Error('no such row');
  expect([row.height, row.width]).toEqual([14, 9]);
  const pixels = await dataset.readImage(row, row.height, row.width);
  // Red grows to the right, green down
  const at = (y: number, x: number) => Array.from(pixels.subarray((y * 9 + x) * 3, (y * 9 + x) * 3 + 2));
  expect(at(0, 8)[0] - at(0, 0)[0]).toBeGreaterThan(150);
  expect(at(13, 0)[1] - at(0, 0)[1]).toBeGreaterThan(150);
  expect(Math.abs(at(13, 0)[0] - at(0, 0)[0])).toBeLessThan(60);
});
