/** How lists of float32 are stored: little endian, one after the other. */
import { endianness } from 'node:os';

const IS_LITTLE = endianness() === 'LE';

export function floatBytes(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(4 * values.length);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (!IS_LITTLE) bytes.swap32();
  return bytes;
}

/** A copy: the bytes of a row need not begin where a float32 may. */
export function bytesToFloats(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const copy = Buffer.from(Uint8Array.from(bytes).buffer);
  if (!IS_LITTLE) copy.swap32();
  return new Float32Array(copy.buffer);
}
