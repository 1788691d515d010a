import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDataset } from '../../../ingest/dataset/broden/check.ts';
import { describeFault } from '../../../ingest/dataset/fault.ts';
import { sharedPath } from '../../shared.ts';
import { INDEX_HEADER, labelPng, rgb, smallBroden, TABLES } from './small.ts';

async function faultsOf(root: string): Promise<string[]> {
  const faults: string[] = [];
  for await (const fault of checkDataset(root, () => {})) faults.push(describeFault(fault));
  return faults;
}

const check = async (changes: Readonly<Record<string, string | Uint8Array | null>>) => faultsOf(await smallBroden(changes));

const replaced = (file: keyof typeof TABLES, from: string, to: string) => ({ [file]: TABLES[file].replace(from, to) });

describe('checkDataset', () => {
  it('finds no fault in a sound dataset', async () => {
    expect(await check({})).toEqual([]);
    expect(await faultsOf(join(import.meta.dirname, '../../fixtures/broden-tiny'))).toEqual([]);
  });

  it.each(['broden-mini', 'broden-tiny-g'])('finds no fault in %s', async (name) => {
    const root = sharedPath('zoo', name);
    if (root !== null) expect(await faultsOf(root)).toEqual([]);
  });

  it('tells how many rows are done, of how many', async () => {
    const steps: [number, number][] = [];
    const root = join(import.meta.dirname, '../../fixtures/broden-tiny');
    for await (const fault of checkDataset(root, (...step) => steps.push(step))) throw new Error(describeFault(fault));
    expect(steps.at(-1)).toEqual([60, 60]);
    expect(steps.length).toBeGreaterThan(2);
  });

  it('finds every fault, in every table, image and map, at one go', async () => {
    const jpeg = await rgb(2, 2, Array(12).fill(90)).jpeg().toBuffer();
    const faults = await check({
      'category.csv': `${TABLES['category.csv']}mo/od,1,2,1,1\n`,
      'index.csv': [
        INDEX_HEADER,
        'a.png,train,4,6,2,3,5;9,a_object_1.png;a_object_2.png,a_part.png',
        'sub/b.png,val,2,2,2,2,,sub/b_object.png,',
        'c.png,test,1,3,one,1,5,,',
        'c.png,test,1,3',
        'gone.png,test,1,3,1,1,5,gone_object.png,',
        '',
      ].join('\n'),
      'images/sub/b.png': jpeg.subarray(0, jpeg.length - 40),
      'images/a_object_2.png': await labelPng([[0, 300]]),
      'images/a_part.png': await labelPng([
        [0, 3, 70],
        [3, 70, 2],
      ]),
    });
    expect(faults.slice(0, 4)).toEqual([
      expect.stringContaining('category.csv, line 5: "mo/od" cannot name a category'),
      'index.csv, line 2: label 9 is not in c_scene.csv, nor is it in label.csv; add it or correct the label',
      'index.csv, line 4: "one" is not a size in pixels (column sh); it must be a whole number above 0',
      expect.stringContaining('index.csv, line 5: has 4 fields where the header has 9'),
    ]);
    expect(faults.slice(4).sort()).toEqual(
      [
        'images/a_object_2.png (index.csv, line 2): is 1 x 2 pixels',
        'images/a_part.png (index.csv, line 2): row 0, column 1 (from 0): label 3 is not in c_part.csv, though label.csv knows it as "wall"',
        'images/a_part.png (index.csv, line 2): row 0, column 2 (from 0): label 70 is not in c_part.csv, nor is it in label.csv',
        'images/gone.png (index.csv, line 6): is missing',
        'images/gone_object.png (index.csv, line 6): is missing',
        'images/sub/b.png (index.csv, line 3): is no readable image',
      ].map((start) => expect.stringContaining(start)),
    );
  });

  it('reports an image that is not of the size in index.csv', async () => {
    expect(await check(replaced('index.csv', 'c.png,test,1,3', 'c.png,test,3,1'))).toEqual([
      'images/c.png (index.csv, line 4): is 1 x 3 pixels (height x width) where its row says 3 x 1 (ih x iw); correct one of them',
    ]);
  });

  it('reports an image that is listed twice', async () => {
    const [again] = await check({ 'index.csv': `${TABLES['index.csv']}c.png,test,1,3,1,1,,,\n` });
    expect(again).toBe('index.csv, line 5: lists c.png again (first on line 4); remove one line');
  });

  it('reports a missing table once', async () => {
    const faults = await check({ 'label.csv': null });
    expect(faults.filter((fault) => fault.startsWith('label.csv'))).toEqual([
      'label.csv: is missing; unpack the dataset again or correct the path',
    ]);
  });

  it('reports sums of category.csv and label.csv that the c_*.csv files do not give', async () => {
    expect(await check(replaced('category.csv', 'object,2,300,3,4', 'object,1,301,4,5'))).toEqual([
      'category.csv, line 2: first is "1" where the c_*.csv files say "2"',
      'category.csv, line 2: last is "301" where the c_*.csv files say "300"',
      'category.csv, line 2: count is "4" where the c_*.csv files say "3"',
      'category.csv, line 2: frequency is "5" where the c_*.csv files say "4"',
    ]);
    expect(await check(replaced('label.csv', 'object(1);part(1),2', 'object(1),1'))).toEqual([
      'label.csv, line 2: category is "object(1)" where the c_*.csv files say "object(1);part(1)"',
      'label.csv, line 2: frequency is "1" where the c_*.csv files say "2"',
    ]);
    expect(await check({ 'label.csv': `${TABLES['label.csv']}8,lamp,object(1),1,1,\n` })).toEqual([
      'label.csv, line 8: category is "object(1)" where the c_*.csv files say ""',
      'label.csv, line 8: frequency is "1" where the c_*.csv files say "0"',
    ]);
  });
});

describe('the frequencies that checkDataset expects', () => {
  /** Changes a concept's frequency in all three tables that tell it. */
  const frequency = (category: 'object' | 'scene', number: number, from: number, to: number) => {
    const change = (file: keyof typeof TABLES, pattern: RegExp, by: (match: string, ...parts: string[]) => string) => ({
      [file]: TABLES[file].replace(pattern, by),
    });
    return {
      ...change(`c_${category}.csv`, new RegExp(`(,${number},[^,]+),${from},`), (_, before) => `${before},${to},`),
      ...change('label.csv', new RegExp(`(\n${number},[^,]+,${category})\\(${from}\\),${from},`), (_, before) => `${before}(${to}),${to},`),
      ...change('category.csv', new RegExp(`(${category},.*,)(\\d+)\n`), (_, before, sum) => `${before}${Number(sum) + to - from}\n`),
    };
  };

  it('are those found, for labels of whole images', async () => {
    expect(await check(frequency('scene', 5, 2, 3))).toEqual([
      'c_scene.csv, line 2: "street-s" has the frequency 3, but 2 images carry it; correct the frequency or the labels',
    ]);
    expect(await check(frequency('scene', 5, 2, 1))).toEqual([
      'c_scene.csv, line 2: "street-s" has the frequency 1, but 2 images carry it; correct the frequency or the labels',
    ]);
  });

  it('may exceed those found in maps, which are smaller than what Broden counted, but not fall short of them', async () => {
    expect(await check(frequency('object', 3, 2, 3))).toEqual([]);
    expect(await check(frequency('object', 3, 2, 1))).toEqual([
      'c_object.csv, line 3: "wall" has the frequency 1, but 2 images carry it; correct the frequency or the labels',
    ]);
  });

  it('are not judged where a map could not be read', async () => {
    const faults = await check({ ...frequency('scene', 5, 2, 3), 'images/a_part.png': null });
    expect(faults).toEqual([expect.stringContaining('images/a_part.png (index.csv, line 2): is missing')]);
  });
});
