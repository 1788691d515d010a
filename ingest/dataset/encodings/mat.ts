import { inflateSync } from 'node:zlib';

/** An array of a MAT file. What it holds lies as MATLAB keeps it: columns first. */
export type MatArray = { size: readonly number[] } & (
  | { kind: 'numbers'; values: ArrayLike<number> }
  | { kind: 'text'; text: string }
  | { kind: 'cells'; cells: readonly MatArray[] }
  /** `structs`: one an element of the array. */
  | { kind: 'structs'; structs: readonly MatStruct[] }
  /** Sparse arrays, functions, objects of classes: passed over. */
  | { kind: 'other' }
);

export type MatStruct = Readonly<Record<string, MatArray>>;

/** Types of stored data. */
const [INT8, UINT8, INT16, UINT16, INT32, UINT32, SINGLE, DOUBLE, INT64, UINT64, MATRIX, COMPRESSED, UTF8, UTF16, UTF32] = [
  1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 14, 15, 16, 17, 18,
];
/** Classes of arrays; those from DOUBLE_CLASS to UINT64_CLASS hold numbers. */
const [CELL_CLASS, STRUCT_CLASS, CHAR_CLASS, DOUBLE_CLASS, UINT64_CLASS] = [1, 2, 4, 6, 15];
const HEADER = 128;
/** Of what a compressed variable unpacks to. */
const MOST_BYTES = 2 ** 30;

/**
 * Reads a MAT file of level 5 (MATLAB's `-v6` and `-v7`, scipy's `savemat`), either byte order: its variables by name.
 *
 * Throws a plain Error, to be read after the file's name, where the bytes are no whole file of that kind.
 */
export function readMat(bytes: Buffer): ReadonlyMap<string, MatArray> {
  if (bytes.length < HEADER) throw new Error('ends early: it is no whole MAT file');
  const order = bytes.toString('latin1', 126, 128);
  if (order !== 'IM' && order !== 'MI') throw new Error('is no MAT file of level 5');
  const isLittle = order === 'IM';
  const version = isLittle ? bytes.readUInt16LE(124) : bytes.readUInt16BE(124);
  if (version !== 0x0100) throw new Error("is a MAT file of another version (7.3 is HDF5); save it with MATLAB's -v7");
  const variables = new Map<string, MatArray>();
  const reader = new Reader(bytes, isLittle);
  reader.at = HEADER;
  while (!reader.isAtEnd()) {
    const { type, content } = reader.element();
    const inner = type === COMPRESSED ? unpack(content.bytes, isLittle) : { type, content };
    if (inner.type !== MATRIX) continue;
    const { name, array } = readArray(inner.content);
    variables.set(name, array);
  }
  return variables;
}

interface Element {
  type: number;
  content: Reader;
}

/** Walks the elements of a stretch of bytes. */
class Reader {
  readonly bytes: Buffer;
  readonly isLittle: boolean;
  at = 0;

  constructor(bytes: Buffer, isLittle: boolean) {
    this.bytes = bytes;
    this.isLittle = isLittle;
  }

  isAtEnd = () => this.at >= this.bytes.length;

  element(): Element {
    const word = this.word(this.at);
    if (word > 0xffff) {
      const content = this.part(this.at + 4, word >>> 16);
      this.at += 8;
      return { type: word & 0xffff, content };
    }
    const length = this.word(this.at + 4);
    const content = this.part(this.at + 8, length);
    this.at += 8 + (word === COMPRESSED ? length : Math.ceil(length / 8) * 8);
    return { type: word, content };
  }

  private word(at: number): number {
    if (at + 4 > this.bytes.length) throw new Error('ends early');
    return this.isLittle ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  private part(from: number, length: number): Reader {
    if (from + length > this.bytes.length) throw new Error('ends early');
    return new Reader(this.bytes.subarray(from, from + length), this.isLittle);
  }
}

function unpack(bytes: Buffer, isLittle: boolean): Element {
  return new Reader(inflateSync(bytes, { maxOutputLength: MOST_BYTES }), isLittle).element();
}

function readArray(reader: Reader): { name: string; array: MatArray } {
  if (reader.isAtEnd()) return { name: '', array: { size: [0, 0], kind: 'numbers', values: [] } };
  const kind = numbers(reader.element())[0] & 0xff;
  const size = Array.from(numbers(reader.element()));
  const name = reader.element().content.bytes.toString('latin1');
  return {
    name,
    array: {
      size,
      ...readContent(
        reader,
        kind,
        size.reduce((product, length) => product * length, 1),
      ),
    },
  };
}

type Content = MatArray extends infer One ? (One extends MatArray ? Omit<One, 'size'> : never) : never;

function readContent(reader: Reader, kind: number, count: number): Content {
  const arrays = (length: number) => Array.from({ length }, () => readArray(nested(reader)).array);
  if (kind === CELL_CLASS) return { kind: 'cells', cells: arrays(count) };
  if (kind === STRUCT_CLASS) {
    const width = numbers(reader.element())[0];
    const names = reader.element().content.bytes;
    const fields = Array.from({ length: names.length / width }, (_, i) =>
      names.toString('latin1', i * width, (i + 1) * width).replace(/\0.*/s, ''),
    );
    const structs = Array.from({ length: count }, () => {
      const values = arrays(fields.length);
      return Object.fromEntries(fields.map((field, i) => [field, values[i]]));
    });
    return { kind: 'structs', structs };
  }
  if (kind === CHAR_CLASS) return { kind: 'text', text: textOf(reader.element()) };
  if (kind < DOUBLE_CLASS || kind > UINT64_CLASS) return { kind: 'other' };
  const values = numbers(reader.element());
  if (values.length !== count) throw new Error(`has an array of ${values.length} values where its size asks for ${count}`);
  return { kind: 'numbers', values };
}

function nested(reader: Reader): Reader {
  const { type, content } = reader.element();
  if (type !== MATRIX) throw new Error(`has data of type ${type} where an array is due`);
  return content;
}

function textOf(element: Element): string {
  const { type, content } = element;
  if (type === UTF8 || type === INT8 || type === UINT8) return content.bytes.toString('utf8');
  return String.fromCodePoint(...Array.from(numbers(element)));
}

function numbers({ type, content: { bytes, isLittle } }: Element): ArrayLike<number> {
  if (type === UINT8) return bytes;
  if (type === INT8) return new Int8Array(bytes);
  const fresh = Buffer.from(new Uint8Array(bytes).buffer); // aligned, and ours to swap
  const [buffer, length] = [fresh.buffer, fresh.length];
  if (!isLittle) swap(fresh, type);
  if (type === INT16) return new Int16Array(buffer, 0, length / 2);
  if (type === UINT16 || type === UTF16) return new Uint16Array(buffer, 0, length / 2);
  if (type === INT32) return new Int32Array(buffer, 0, length / 4);
  if (type === UINT32 || type === UTF32) return new Uint32Array(buffer, 0, length / 4);
  if (type === SINGLE) return new Float32Array(buffer, 0, length / 4);
  if (type === DOUBLE) return new Float64Array(buffer, 0, length / 8);
  if (type === INT64) return Array.from(new BigInt64Array(buffer, 0, length / 8), Number);
  if (type === UINT64) return Array.from(new BigUint64Array(buffer, 0, length / 8), Number);
  throw new Error(`has data of the unknown type ${type}`);
}

function swap(bytes: Buffer, type: number): void {
  if (type === INT16 || type === UINT16 || type === UTF16) bytes.swap16();
  else if (type === DOUBLE || type === INT64 || type === UINT64) bytes.swap64();
  else bytes.swap32();
}
