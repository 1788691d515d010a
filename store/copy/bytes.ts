/**
 * A buffer that grows as numbers (big endian, as PostgreSQL's protocol has them), text and bytes are put at its end.
 */
export interface Bytes {
  int8(value: number): void;
  int16(value: number): void;
  int32(value: number): void;
  int64(value: bigint): void;
  float64(value: number): void;
  text(value: string, length: number): void;
  raw(value: Uint8Array): void;
  /** Overwrites what was put at `at`. */
  patchInt32(value: number, at: number): void;
  size(): number;
  /** Hands over what was put, and starts anew. */
  take(): Buffer;
}

export function createBytes(capacity: number): Bytes {
  let buffer = Buffer.allocUnsafe(capacity);
  let size = 0;

  function reserve(more: number): Buffer {
    if (size + more > buffer.length) {
      const larger = Buffer.allocUnsafe(2 * (size + more));
      buffer.copy(larger, 0, 0, size);
      buffer = larger;
    }
    return buffer;
  }

  return {
    int8: (value) => {
      size = reserve(1).writeInt8(value, size);
    },
    int16: (value) => {
      size = reserve(2).writeInt16BE(value, size);
    },
    int32: (value) => {
      size = reserve(4).writeInt32BE(value, size);
    },
    int64: (value) => {
      size = reserve(8).writeBigInt64BE(value, size);
    },
    float64: (value) => {
      size = reserve(8).writeDoubleBE(value, size);
    },
    text: (value, length) => {
      size += reserve(length).write(value, size, 'utf8');
    },
    raw: (value) => {
      reserve(value.length).set(value, size);
      size += value.length;
    },
    patchInt32: (value, at) => {
      buffer.writeInt32BE(value, at);
    },
    size: () => size,
    take: () => {
      const taken = buffer.subarray(0, size);
      buffer = Buffer.allocUnsafe(buffer.length);
      size = 0;
      return taken;
    },
  };
}
