/**
 * A format whose rows are in memory: a place is a file that says how many. What CONTRIBUTING.md says of adding a
 * format, followed.
 */
import { readFileSync } from 'node:fs';
import type { DenseDataset, Row } from '../../ingest/dataset/dataset.ts';
import type { DatasetFormat } from '../../ingest/dataset/format.ts';
import { stretch } from './stretch.ts';

const SIDE = 16;

/** Numbers from 0 to 1 that are the same each time. */
function numbers(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A bright square on noise: where it lies, the picture is a liver; its border is void. */
function scene(index: number) {
  const next = numbers(index + 1);
  const [top, left] = [1 + Math.floor(next() * 8), 1 + Math.floor(next() * 8)];
  const pixels = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => Math.floor(next() * 90));
  const liver = new Uint16Array(SIDE * SIDE);
  const tissue = new Uint16Array(SIDE * SIDE).fill(index % 3 === 0 ? 3 : 0);
  const ignored = new Uint8Array(SIDE * SIDE);
  for (let y = top - 1; y <= top + 6; y++)
    for (let x = left - 1; x <= left + 6; x++) {
      const isBorder = y < top || y > top + 5 || x < left || x > left + 5;
      if (isBorder) ignored[y * SIDE + x] = 1;
      else liver[y * SIDE + x] = 1;
      if (!isBorder) pixels.fill(230, (y * SIDE + x) * 3, (y * SIDE + x + 1) * 3);
    }
  return { pixels, liver, tissue, ignored };
}

export const format: DatasetFormat = {
  name: 'toy',
  description: 'how-many.toy',
  module: import.meta.url,
  recognise: async (place) => (await place.list('')).includes('how-many.toy'),
  owns: (file) => file === 'how-many.toy',
  concepts: 'declared',
  async open(root): Promise<DenseDataset> {
    const count = Number(readFileSync(`${root}/how-many.toy`, 'utf8'));
    const size = { height: SIDE, width: SIDE, maskHeight: SIDE, maskWidth: SIDE };
    const rows: Row[] = Array.from({ length: count }, (_, index) => {
      return { index, file: `picture ${index}`, split: 'train', ...size, entry: `picture ${index}` };
    });
    return {
      format: 'toy',
      root,
      imageFolder: '',
      categories: ['organ', 'OBJECT'],
      concepts: [
        { index: 0, category: 'organ', number: 7, name: 'liver', synonyms: [] },
        { index: 1, category: 'OBJECT', number: 8, name: 'scan', synonyms: ['image'] },
        { index: 2, category: 'OBJECT', number: 9, name: 'table', synonyms: [] },
      ],
      rows,
      labelNames: new Map(),
      files: () => [{ file: 'how-many.toy', counts: 'bytes', row: null }],
      readImage: async ({ index }, height, width) => stretch(scene(index).pixels, SIDE, height, width),
      readLabels: async ({ index }) => {
        const { liver, tissue, ignored } = scene(index);
        return {
          height: SIDE,
          width: SIDE,
          present: [0, 1],
          whole: Int32Array.of(1),
          maps: [liver, tissue],
          ignored: [{ categories: [0], pixels: ignored }],
        };
      },
    };
  },
};
