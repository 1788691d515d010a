import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { format as broden } from '../../../ingest/dataset/broden/format.ts';
import type { BrodenRow } from '../../../ingest/dataset/broden/row.ts';
import { openDense } from '../../../ingest/dataset/open.ts';
import { sharedPath } from '../../shared.ts';
import { INDEX_HEADER, smallBroden, TABLES } from './small.ts';

const fault = (root: string, place: string, message: string) =>
  expect(openDense(root, broden)).rejects.toMatchObject({
    name: 'DissectoryError',
    code: 'BAD_DATASET',
    message: expect.stringContaining(`${join(root, place)}: ${message}`),
  });

const index = (...lines: string[]) => ({ 'index.csv': `${[INDEX_HEADER, ...lines].join('\n')}\n` });

describe('openDense', () => {
  it('puts concepts in the order of category.csv, then code', async () => {
    const { categories, concepts } = await openDense(await smallBroden());
    expect(categories).toEqual(['OBJECT', 'PART', 'SCENE']);
    expect(concepts.map(({ index, category, number, name }) => [index, category, number, name])).toEqual([
      [0, 'OBJECT', 3, 'wall'],
      [1, 'OBJECT', 300, 'boat'],
      [2, 'OBJECT', 2, 'wheel'],
      [3, 'PART', 2, 'wheel'],
      [4, 'PART', 4, 'hub'],
      [5, 'SCENE', 5, 'street-s'],
      [6, 'SCENE', 6, 'harbour-s'],
    ]);
  });

  it('reads a concept with its synonyms, frequency and coverage', async () => {
    const { concepts } = await openDense(await smallBroden());
    expect(concepts[1]).toEqual({
      index: 1,
      category: 'OBJECT',
      number: 300,
      name: 'boat',
      synonyms: ['ship', 'vessel, small'],
      frequency: 1,
      coverage: 0.3333,
    });
    expect(concepts[0].synonyms).toEqual([]);
  });

  it('reads rows of different sizes with maps, whole-image labels and missing categories', async () => {
    const { rows } = await openDense(await smallBroden());
    expect(rows).toEqual([
      {
        index: 0,
        line: 2,
        entry: 'index.csv, line 2',
        file: 'a.png',
        split: 'train',
        height: 4,
        width: 6,
        maskHeight: 2,
        maskWidth: 3,
        labels: new Map<string, unknown>([
          ['OBJECT', ['a_object_1.png', 'a_object_2.png']],
          ['PART', ['a_part.png']],
          ['SCENE', [5, 6]],
        ]),
      },
      {
        index: 1,
        line: 3,
        entry: 'index.csv, line 3',
        file: 'sub/b.png',
        split: 'val',
        height: 2,
        width: 2,
        maskHeight: 2,
        maskWidth: 2,
        labels: new Map([['OBJECT', ['sub/b_object.png']]]),
      },
      {
        index: 2,
        line: 4,
        entry: 'index.csv, line 4',
        file: 'c.png',
        split: 'test',
        height: 1,
        width: 3,
        maskHeight: 1,
        maskWidth: 1,
        labels: new Map([['SCENE', [5]]]),
      },
    ]);
  });

  it('takes the label 0 and empty entries for no label', async () => {
    const { rows } = await openDense(await smallBroden(index('c.png,val,1,3,1,1,0;5;,,', 'c.png,val,1,3,1,1,0,,')));
    expect(rows.map((row) => (row as BrodenRow).labels)).toEqual([new Map([['SCENE', [5]]]), new Map()]);
  });

  it('reads CR LF as LF, a byte order mark as none and columns in any order', async () => {
    const turned = ['part,sw,sh,iw,ih,split,image,object,scene', 'a_part.png,3,2,6,4,train,a.png,a_object_1.png;a_object_2.png,5;6'];
    const lf = await openDense(await smallBroden(index('a.png,train,4,6,2,3,5;6,a_object_1.png;a_object_2.png,a_part.png')));
    const crlf = await openDense(
      await smallBroden({
        'index.csv': `\ufeff${turned.join('\r\n')}\r\n`,
        'label.csv': TABLES['label.csv'].replaceAll('\n', '\r\n'),
        'c_part.csv': TABLES['c_part.csv'].replaceAll('\n', '\r\n'),
        'category.csv': TABLES['category.csv'].replaceAll('\n', '\r\n'),
      }),
    );
    expect(crlf.concepts).toEqual(lf.concepts);
    expect(crlf.rows).toEqual(lf.rows);
  });

  it('opens all datasets of the zoo with the concepts of the reference', async () => {
    const zoo = sharedPath('zoo');
    if (zoo === null) return;
    const { default: reference } = await import(join(zoo, 'reference/broden-mini/concepts.json'), { with: { type: 'json' } });
    const { concepts, rows } = await openDense(join(zoo, 'broden-mini'));
    expect(rows).toHaveLength(2000);
    expect(concepts.map(({ category, number, name }) => ({ category: category.toLowerCase(), number, name }))).toEqual(
      reference.map(({ category, label, name }: { category: string; label: number; name: string }) => ({ category, number: label, name })),
    );
  });
});

describe('openDense refuses', () => {
  it('a folder that is not there', async () => {
    const root = await mkdtemp(join(tmpdir(), 'broden-'));
    await rm(root, { recursive: true });
    await fault(root, 'category.csv', 'is missing; unpack the dataset again or correct the path');
  });

  it.each(['index.csv', 'category.csv', 'label.csv', 'c_part.csv'])('a dataset without %s', async (file) =>
    fault(await smallBroden({ [file]: null }), file, 'is missing'),
  );

  it('an image or a map that is missing, naming the row of index.csv', async () => {
    await fault(await smallBroden({ 'images/sub/b.png': null }), 'images/sub/b.png (index.csv, line 3)', 'is missing');
    await fault(await smallBroden({ 'images/a_part.png': null }), 'images/a_part.png (index.csv, line 2)', 'is missing');
  });

  it('a folder in the place of an image', async () => {
    await fault(await smallBroden({ 'images/c.png': null, 'images/c.png/x': '' }), 'images/c.png (index.csv, line 4)', 'is not a file');
  });

  it('an empty table, and an index without an image', async () => {
    await fault(await smallBroden({ 'category.csv': '' }), 'category.csv', 'is empty; its first line must name the columns name');
    await fault(await smallBroden(index()), 'index.csv', 'lists no image');
  });

  it('a header that lacks a column or names one twice', async () => {
    const header = (text: string) => ({ 'index.csv': TABLES['index.csv'].replace(INDEX_HEADER, text) });
    await fault(
      await smallBroden(header('image,split,ih,iw,height,sw,scene,object,part')),
      'index.csv, line 1',
      'lacks the column "sh"; its header is image,split,ih,iw,height,sw,scene,object,part',
    );
    await fault(await smallBroden(header('image,split,ih,iw,sh,sw,scene,object,parts')), 'index.csv, line 1', 'lacks the column "part"');
    await fault(await smallBroden(header(`${INDEX_HEADER},part`)), 'index.csv, line 1', 'names the column "part" twice');
  });

  it('a row with too few or too many fields', async () => {
    await fault(
      await smallBroden(index('c.png,val,1,3,1,1,5,,', 'c.png,val,1,3,1,1,5,')),
      'index.csv, line 3',
      'has 8 fields where the header has 9; restore the missing ones or remove the extra ones',
    );
    await fault(await smallBroden(index('c.png,val,1,3,1,1,5,,,')), 'index.csv, line 2', 'has 10 fields where the header has 9');
  });

  it('broken quoting', async () => {
    await fault(await smallBroden(index('c.png,"val,1,3,1,1,5,,')), 'index.csv, line 2', 'is not valid CSV: Quote Not Closed');
  });

  it.each(['', '0', '-4', '4.5', '1e2', 'four'])('the size "%s"', async (size) => {
    await fault(
      await smallBroden(index(`c.png,val,${size},3,1,1,5,,`)),
      'index.csv, line 2',
      `"${size}" is not a size in pixels (column ih); it must be a whole number above 0`,
    );
  });

  it.each(['', '/etc/passwd', '../label.csv', 'sub/../../label.csv'])('the path "%s" of an image', async (path) => {
    await fault(
      await smallBroden(index(`${path},val,1,3,1,1,5,,`)),
      'index.csv, line 2',
      `"${path}" is not the path of a file below images/`,
    );
  });

  it('the path of a map outside images/', async () => {
    await fault(
      await smallBroden(index('c.png,val,1,3,1,1,5,../c.png,')),
      'index.csv, line 2',
      '"../c.png" is not the path of a file below images/',
    );
  });

  it('a whole-image label that the category lacks, telling whether label.csv knows it', async () => {
    await fault(
      await smallBroden(index('c.png,val,1,3,1,1,5;2,,')),
      'index.csv, line 2',
      'label 2 is not in c_scene.csv, though label.csv knows it as "wheel"; add it or correct the label',
    );
    await fault(
      await smallBroden(index('c.png,val,1,3,1,1,77,,')),
      'index.csv, line 2',
      'label 77 is not in c_scene.csv, nor is it in label.csv; add it or correct the label',
    );
  });

  it('a category without a table, one that cannot name a table, or twice the same', async () => {
    await fault(
      await smallBroden({ 'category.csv': `${TABLES['category.csv']}mood,1,2,1,1\n` }),
      'c_mood.csv',
      'is missing; unpack the dataset again or correct the path',
    );
    for (const [name, message] of [
      ['../mood', '"../mood" cannot name a category'],
      ['split', '"split" cannot name a category: it is another column of index.csv'],
      ['Texture', '"Texture" must be written "texture"'],
    ]) {
      const root = await smallBroden({ 'category.csv': `${TABLES['category.csv']}${name},1,2,1,1\n` });
      await fault(root, 'category.csv, line 5', message);
    }
    await fault(
      await smallBroden({ 'category.csv': `${TABLES['category.csv']}part,1,2,1,1\n` }),
      'category.csv, line 5',
      'names the category "part" again',
    );
  });

  it.each([
    ['1,3,wall,1,1', 'gives the code 1 again (first on line 2); it must be unique in c_part.csv'],
    ['2,2,rim,1,1', 'gives the label 2 again (first on line 2)'],
    ['2,4,wheel,1,1', 'gives the name "wheel" again (first on line 2)'],
    ['2,3,Wall,1,1', 'calls label 3 "Wall", label.csv calls it "wall"; use one name'],
    ['2,77,door,1,1', 'label 77 ("door") is not in label.csv; add it there'],
    ['2,4,,1,1', 'has no name'],
    ['two,4,hub,1,1', '"two" is not a code'],
    ['2,0,none,1,1', '"0" is not a label number; label numbers go from 1 to 65535'],
    ['2,65536,hub,1,1', '"65536" is not a label number'],
    ['2,4,hub,few,1', '"few" is not a frequency'],
    ['2,4,hub,,1', '"" is not a frequency'],
    ['2,4,hub,1,-1', '"-1" is not a coverage'],
  ])('the concept %s', async (line, message) => {
    await fault(
      await smallBroden({ 'c_part.csv': `code,number,name,frequency,coverage\n1,2,wheel,1,0.5\n${line}\n` }),
      'c_part.csv, line 3',
      message,
    );
  });

  it('a label number that label.csv gives twice, or that is none', async () => {
    await fault(
      await smallBroden({ 'label.csv': `${TABLES['label.csv']}3,door,object(1),1,1,\n` }),
      'label.csv, line 8',
      'gives the number 3 again; label numbers must be unique',
    );
    await fault(
      await smallBroden({ 'label.csv': `${TABLES['label.csv']}-,door,,1,1,\n` }),
      'label.csv, line 8',
      '"-" is not a label number',
    );
  });
});
