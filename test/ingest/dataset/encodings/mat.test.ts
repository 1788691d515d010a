import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readMat } from '../../../../ingest/dataset/encodings/mat.ts';
import { matrixOf } from '../../../../ingest/dataset/encodings/mat-matrix.ts';

const fixtures = path.join(import.meta.dirname, '../../../fixtures/formats');

function element(type: number, content: Buffer, isLittle: boolean): Buffer {
  const tag = Buffer.alloc(8);
  tag[isLittle ? 'writeUInt32LE' : 'writeUInt32BE'](type, 0);
  tag[isLittle ? 'writeUInt32LE' : 'writeUInt32BE'](content.length, 4);
  return Buffer.concat([tag, content, Buffer.alloc((8 - (content.length % 8)) % 8)]);
}

function numbers(values: readonly number[], bytes: 2 | 4 | 8, isLittle: boolean): Buffer {
  const content = Buffer.alloc(values.length * bytes);
  for (const [i, value] of values.entries()) {
    if (bytes === 8) content[isLittle ? 'writeDoubleLE' : 'writeDoubleBE'](value, i * 8);
    else content[isLittle ? 'writeUIntLE' : 'writeUIntBE'](value, i * bytes, bytes);
  }
  return content;
}

/** A matrix of two rows and three columns, values columns first. */
function matrix(name: string, kind: number, type: number, values: Buffer, isLittle: boolean): Buffer {
  const parts = [
    element(6, numbers([kind, 0], 4, isLittle), isLittle),
    element(5, numbers([2, 3], 4, isLittle), isLittle),
    element(1, Buffer.from(name), isLittle),
    element(type, values, isLittle),
  ];
  return element(14, Buffer.concat(parts), isLittle);
}

function file(variables: readonly Buffer[], isLittle = true, version = 0x0100): Buffer {
  const header = Buffer.alloc(128, ' ');
  header[isLittle ? 'writeUInt16LE' : 'writeUInt16BE'](version, 124);
  header.write(isLittle ? 'IM' : 'MI', 126);
  return Buffer.concat([header, ...variables]);
}

const COLUMNS_FIRST = [1, 4, 2, 5, 3, 6];

describe('readMat', () => {
  test.each([true, false])(
    'reads numbers in either byte order, and in fewer bytes than their class has (little end first: %s)',
    (isLittle) => {
      const variables = readMat(
        file(
          [
            matrix('doubles', 6, 9, numbers(COLUMNS_FIRST, 8, isLittle), isLittle),
            matrix('short', 6, 4, numbers(COLUMNS_FIRST, 2, isLittle), isLittle),
            matrix('words', 11, 4, numbers([1, 400, 2, 500, 3, 65535], 2, isLittle), isLittle),
          ],
          isLittle,
        ),
      );
      for (const name of ['doubles', 'short'])
        expect(Array.from(matrixOf(variables.get(name), name, { height: 2, width: 3 }))).toEqual(COLUMNS_FIRST);
      expect(Array.from(matrixOf(variables.get('words'), 'words', { height: 2, width: 3 }))).toEqual([1, 400, 2, 500, 3, 65535]);
    },
  );

  test('reads compressed variables, structs, cells and texts that scipy wrote', () => {
    const part = readMat(readFileSync(path.join(fixtures, 'pascal-part/Annotations_Part/a.mat'))).get('anno');
    const anno = part?.kind === 'structs' ? part.structs[0] : {};
    expect(anno.imname).toMatchObject({ kind: 'text', text: 'a' });
    expect(anno.objects).toMatchObject({ kind: 'structs', structs: [{ class: { text: 'car' } }, { class: { text: 'grass' } }] });
    const index = readMat(readFileSync(path.join(fixtures, 'ade20k-2016/index_ade20k.mat'))).get('index');
    const names = index?.kind === 'structs' ? index.structs[0].objectnames : undefined;
    expect(names?.kind === 'cells' && names.cells[300 - 1]).toMatchObject({ kind: 'text', text: 'grass' });
  });

  test('refuses a file that was cut anywhere, or that is of another kind', () => {
    const compressed = deflateSync(matrix('m', 6, 9, numbers(COLUMNS_FIRST, 8, true), true));
    const tag = element(15, compressed, true).subarray(0, 8);
    expect(readMat(file([tag, compressed])).get('m')).toBeDefined(); // without padding
    expect(() => readMat(file([tag, compressed.subarray(0, -5)]))).toThrow('ends early');
    const plain = file([matrix('m', 6, 9, numbers(COLUMNS_FIRST, 8, true), true)]);
    for (let end = 0; end < plain.length; end++) if (end !== 128) expect(() => readMat(plain.subarray(0, end)), `${end} bytes`).toThrow();
    expect(() => readMat(file([], true, 0x0200))).toThrow('7.3 is HDF5');
    expect(() => readMat(Buffer.alloc(200))).toThrow('no MAT file');
    expect(() => readMat(file([matrix('m', 6, 9, numbers([1, 2], 8, true), true)]))).toThrow('2 values where its size asks for 6');
  });

  test('refuses a matrix of another size than its picture', () => {
    const variables = readMat(file([matrix('m', 6, 9, numbers(COLUMNS_FIRST, 8, true), true)]));
    expect(() => matrixOf(variables.get('m'), 'm', { height: 3, width: 2 })).toThrow(
      'm is 2 x 3 (height x width) where its picture has 3 x 2',
    );
    expect(() => matrixOf(variables.get('n'), 'n', { height: 2, width: 3 })).toThrow('has no matrix n');
  });
});
