import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonItem, jsonItems } from '../../../../ingest/dataset/encodings/json-items.ts';

const file = path.join(mkdtempSync(path.join(tmpdir(), 'dissectory-json-')), 'a.json');

async function itemsOf(text: string, wanted: readonly string[]): Promise<JsonItem[]> {
  writeFileSync(file, text);
  const items: JsonItem[] = [];
  for await (const item of jsonItems(file, wanted)) items.push(item);
  return items;
}

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 });

describe('jsonItems', () => {
  test('gives the items of the arrays asked for, and where they stand', async () => {
    await fc.assert(
      fc.asyncProperty(objects, objects, fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), async (images, annotations, info, space) => {
        const text = `${space === 1 ? '\uFEFF' : ''}${JSON.stringify({ info, images, 'a "key"': [images], annotations }, null, space)}\n`;
        const items = await itemsOf(text, ['images', 'annotations']);
        const bytes = readFileSync(file);
        expect(items.map(({ key, index, value }) => [key, index, value])).toEqual([
          ...images.map((value, i) => ['images', i, JSON.parse(JSON.stringify(value))]),
          ...annotations.map((value, i) => ['annotations', i, JSON.parse(JSON.stringify(value))]),
        ]);
        for (const { start, length, value } of items) expect(JSON.parse(bytes.toString('utf8', start, start + length))).toEqual(value);
      }),
      { numRuns: 100 },
    );
  });

  test('reads items that are larger than what is read at once', async () => {
    const long = { counts: 'x"\\{['.repeat(400_000) };
    const items = await itemsOf(JSON.stringify({ annotations: [{ id: 1 }, long, { id: 2 }] }), ['annotations']);
    expect(items.map(({ value }) => value)).toEqual([{ id: 1 }, long, { id: 2 }]);
  });

  test('refuses a file that was cut anywhere', async () => {
    const text = JSON.stringify({ images: [{ id: 1, name: 'a}' }], annotations: [{ id: [1, 2] }] });
    for (let end = 0; end < text.length; end++) await expect(itemsOf(text.slice(0, end), ['images', 'annotations'])).rejects.toThrow();
  });

  test.each([
    ['[1]', 'holds no JSON object'],
    ['{"images": [1]}', 'an entry of "images" that is no object'],
    ['{"images": [[]]}', 'an entry of "images" that is no object'],
    ['{"images": [{id: 1}]}', 'no valid JSON'],
  ])('refuses %s', async (text, why) => {
    await expect(itemsOf(text, ['images'])).rejects.toThrow(why);
  });
});
