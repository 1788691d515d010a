import { describe, expect, test } from 'vitest';
import { type XmlTag, xmlReader } from '../../../../ingest/dataset/encodings/xml.ts';

const TEXT = '<?xml version="1.0"?>\n<a><cafe x="ä &lt; b">näme</cafe><!-- <b> --><b/></a>\n';

function read(text: string, piece: number) {
  const bytes = Buffer.from(text);
  const [opened, closed, texts]: [XmlTag[], number[], string[]] = [[], [], []];
  const reader = xmlReader({
    onOpen: (tag) => opened.push(tag),
    onClose: (_, end) => closed.push(end),
    onText: (more) => texts.push(more),
  });
  for (let at = 0; at < bytes.length; at += piece) reader.write(bytes.subarray(at, at + piece));
  reader.end();
  return { bytes, opened, closed, texts };
}

describe('xmlReader', () => {
  test.each([1, 7, 1000])('tells tags, texts and where elements stand in bytes, read %i bytes at a time', (piece) => {
    const { bytes, opened, closed, texts } = read(TEXT, piece);
    expect(opened.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['a', {}],
      ['cafe', { x: 'ä < b' }],
      ['b', {}],
    ]);
    expect(texts.join('').trim()).toBe('näme');
    expect(bytes.toString('utf8', opened[1].start, closed[0])).toBe('<cafe x="ä &lt; b">näme</cafe>');
    expect(bytes.toString('utf8', opened[2].start, closed[1])).toBe('<b/>');
  });

  test('reads attributes of any length', () => {
    expect(read(`<a x="${'1, '.repeat(100_000)}"/>`, 1 << 16).opened[0].attributes.x).toHaveLength(300_000);
  });

  test('refuses a file that was cut anywhere, or is not well formed', () => {
    const bytes = TEXT.trimEnd();
    for (let end = 0; end < bytes.length; end++)
      expect(() => read(bytes.slice(0, end), 1000), `${end} characters`).toThrow('is no whole XML file');
    expect(() => read('<a><b></a>', 1000)).toThrow('is no whole XML file');
  });
});
