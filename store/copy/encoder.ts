import { createBytes } from './bytes.ts';
import type { Columns, Writers } from './columns.ts';

/** Gathers rows in the layout of PostgreSQL's binary COPY (its manual: COPY, "Binary Format"). */
export interface Encoder {
  /** Throws a RangeError naming the column where a value does not fit. */
  add(row: Readonly<Record<string, unknown>>): void;
  /** Bytes gathered so far. */
  size(): number;
  /** Hands the bytes over, and starts anew. */
  take(): Buffer;
  /** The same with the end mark. */
  finish(): Buffer;
}

/** Signature, flags, length of the header's extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TEXT_OID = 25;

export function createEncoder(columns: Columns): Encoder {
  const bytes = createBytes(1 << 17);
  bytes.raw(HEADER);

  function text(value: string): void {
    const length = Buffer.byteLength(value);
    bytes.int32(length);
    bytes.text(value, length);
  }

  const writers: Writers = {
    int4: (value) => {
      if (!Number.isInteger(value)) throw new RangeError(`${value} is no integer`);
      bytes.int32(4);
      bytes.int32(value);
    },
    int8: (value) => {
      if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer`);
      bytes.int32(8);
      bytes.int64(BigInt(value));
    },
    float8: (value) => {
      if (!Number.isFinite(value)) throw new RangeError(`${value} is not finite`);
      bytes.int32(8);
      bytes.float64(value);
    },
    bool: (value) => {
      bytes.int32(1);
      bytes.int8(Number(value));
    },
    text,
    bytea: (value) => {
      bytes.int32(value.length);
      bytes.raw(value);
    },
    'text[]': (value) => {
      const start = bytes.size();
      bytes.int32(0);
      // dimensions, whether there are nulls, type of the elements; then length and lower bound of the only dimension
      for (const word of value.length === 0 ? [0, 0, TEXT_OID] : [1, 0, TEXT_OID, value.length, 1]) bytes.int32(word);
      value.forEach(text);
      bytes.patchInt32(bytes.size() - start - 4, start);
    },
  };
  const fields = Object.entries(columns).map(([name, type]) => ({ name, write: writers[type] as (value: unknown) => void }));

  function add(row: Readonly<Record<string, unknown>>): void {
    bytes.int16(fields.length);
    for (const { name, write } of fields) {
      const value = row[name];
      if (value === null) {
        bytes.int32(-1);
        continue;
      }
      try {
        write(value);
      } catch (cause) {
        throw new RangeError(`Column ${name} cannot hold a value: ${(cause as Error).message}.`, { cause });
      }
    }
  }

  function finish(): Buffer {
    bytes.int16(-1);
    return bytes.take();
  }

  return { add, size: bytes.size, take: bytes.take, finish };
}
