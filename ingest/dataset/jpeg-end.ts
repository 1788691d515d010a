const START_OF_IMAGE = Buffer.from([0xff, 0xd8]);
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = 0xda;

/**
 * Whether a JPEG's pixels end as they must, with an end marker; true for what is no JPEG. Where a file's last part was
 * overwritten with zeros, as a disk may leave it, decoders go on without a warning: zeros are valid codes.
 */
export function endsAsJpeg(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, 2).equals(START_OF_IMAGE)) return true;
  return file.includes(END_OF_IMAGE, firstScan(file));
}

/** Where the pixels begin: a preview in the segments before has an end of its own. */
function firstScan(file: Buffer): number {
  let at = 2;
  while (at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== START_OF_SCAN) {
    const isFill = file[at + 1] === 0xff;
    at += isFill ? 1 : 2 + file.readUInt16BE(at + 2);
  }
  return at;
}
