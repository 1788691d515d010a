import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkDataset } from '../../../ingest/dataset/broden/check.ts';
import { describeFault } from '../../../ingest/dataset/fault.ts';
import { openDense } from '../../../ingest/dataset/open.ts';
import { readCard } from '../../../ingest/engine/read-card.ts';
import { smallBroden, TABLES } from './small.ts';

type Table = keyof typeof TABLES;
const TABLE_NAMES = Object.keys(TABLES) as Table[];

/** Every table written another way. */
const rewritten = (write: (text: string) => string | Uint8Array) =>
  Object.fromEntries(TABLE_NAMES.map((name) => [name, write(TABLES[name])]));

describe('tables', () => {
  it.each([
    ['CR LF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR alone', (text: string) => text.replaceAll('\n', '\r')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['spaces around values', (text: string) => text.replaceAll(',', ' , ').replace('vessel ,  small', 'vessel, small')],
    ['every value in quotes', (text: string) => text.replace(/^([^"\n]+)$/gm, (line) => line.replace(/[^,]+/g, '"$&"'))],
  ])('with %s are read as those without', async (_, write) => {
    const plain = await openDense(await smallBroden());
    const other = await openDense(await smallBroden(rewritten(write)));
    expect(other.concepts).toEqual(plain.concepts);
    expect(other.rows.map(({ line: _, entry: __, ...row }) => row)).toEqual(plain.rows.map(({ line: _, entry: __, ...row }) => row));
  });

  it.each(['label.csv', 'c_object.csv'] as const)('in Latin-1 are refused with the line and what it says: %s', async (file) => {
    const renamed = rewritten((text) => text.replaceAll('wall', 'mûr'));
    const root = await smallBroden({ ...renamed, [file]: Buffer.from(renamed[file] as string, 'latin1') });
    const line = TABLES[file].split('\n').findIndex((text) => text.includes('wall')) + 1;
    const message = `${file}, line ${line}: is not UTF-8 (read as Latin-1 it says "`;
    await expect(openDense(root)).rejects.toMatchObject({ code: 'BAD_DATASET', message: expect.stringContaining(message) });
    const faults: string[] = [];
    for await (const fault of checkDataset(root, () => {})) faults.push(describeFault(fault));
    expect(faults).toContainEqual(expect.stringContaining(message));
  });

  it.each(TABLE_NAMES)('with a NUL are refused with the line: %s', async (file) => {
    const lines = TABLES[file].split('\n');
    lines[1] = lines[1].replace(/^./, '$&\0');
    await expect(openDense(await smallBroden({ [file]: lines.join('\n') }))).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining(`${file}, line 2: holds a NUL character`),
    });
  });

  it('with semicolons between values are refused with a hint', async () => {
    const root = await smallBroden({ 'category.csv': TABLES['category.csv'].replaceAll(',', ';') });
    await expect(openDense(root)).rejects.toThrow('columns are separated by commas');
  });

  it('that are longer than what is read at once are told by the right line', async () => {
    const filler = Array.from({ length: 20000 }, (_, i) => `${i + 1000},filler ${i},,0,0,`).join('\n');
    const text = Buffer.concat([Buffer.from(`${TABLES['label.csv']}${filler}\n`), Buffer.from('9,ch\xe2teau,,0,0,\n', 'latin1')]);
    const line = text.toString('latin1').split('\n').length - 1;
    const root = await smallBroden({ 'label.csv': text });
    await expect(openDense(root)).rejects.toThrow(`label.csv, line ${line}: is not UTF-8`);
  });
});

describe('a model card', () => {
  const cardOf = async (content: string | Uint8Array) => {
    const folder = await mkdtemp(join(tmpdir(), 'card-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'net.json'), content);
    await writeFile(join(folder, 'net.onnx'), '');
    return readCard(join(folder, 'net.onnx'));
  };

  it('is read with a byte order mark, and as UTF-16', async () => {
    for (const content of ['\ufeff{"name":"café"}', Buffer.from('\ufeff{"name":"café"}', 'utf16le')])
      expect((await cardOf(content)).facts).toEqual({ name: 'café' });
  });

  it('in Latin-1 is refused with its line, one with a NUL with its field', async () => {
    const code = 'BAD_CARD';
    await expect(cardOf(Buffer.from('{\n"name":"café"}', 'latin1'))).rejects.toMatchObject({
      code,
      message: expect.stringContaining('net.json, line 2, is not UTF-8'),
    });
    const withNul = JSON.stringify({ name: 'my net', classes: ['cat', 'do\0g'] });
    await expect(cardOf(withNul)).rejects.toMatchObject({ code, message: expect.stringContaining('wrong at classes.1: it holds a NUL') });
  });
});
