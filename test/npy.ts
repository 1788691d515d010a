import { readFileSync } from 'node:fs';

/** The numbers of a NumPy file of float64, float32 or int64, in C order. */
export function readNpy(file: string): number[] {
  const bytes = readFileSync(file);
  const headerEnd = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, headerEnd);
  const data = bytes.buffer.slice(bytes.byteOffset + headerEnd, bytes.byteOffset + bytes.length) as ArrayBuffer;
  if (header.includes("'<f8'")) return Array.from(new Float64Array(data));
  if (header.includes("'<f4'")) return Array.from(new Float32Array(data));
  if (header.includes("'<i8'")) return Array.from(new BigInt64Array(data), Number);
  throw new Error(`${file} holds another type: ${header}`);
}
