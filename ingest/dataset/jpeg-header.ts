/** What stands before a JPEG's pixels. */
const START_OF_SCAN = 0xda;
const JFIF = 0xe0;
/** Frames that are not progressive. */
const SEQUENTIAL: readonly number[] = [0xc0, 0xc1, 0xc9];

interface Segment {
  marker: number;
  /** Of its content, behind its length. */
  from: number;
  to: number;
}

/** The segments up to the first scan; none where the bytes are no JPEG. */
function segmentsOf(file: Buffer): Segment[] {
  const segments: Segment[] = [];
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return segments;
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff; ) {
    const marker = file[at + 1];
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    const to = at + 2 + file.readUInt16BE(at + 2);
    if (to > file.length) break;
    segments.push({ marker, from: at + 4, to });
    if (marker === START_OF_SCAN) break;
    at = to;
  }
  return segments;
}

/**
 * The file with those parts of its header mended that decoders warn of though no pixel depends on them: the spectral
 * selection of a sequential scan (phones write 0 to 0), an unknown version of JFIF. null where there is nothing to
 * mend.
 */
export function withSoundHeader(bytes: Uint8Array): Uint8Array | null {
  const file = Buffer.from(bytes);
  const segments = segmentsOf(file);
  const isSequential = segments.some(({ marker }) => SEQUENTIAL.includes(marker));
  for (const { marker, from, to } of segments) {
    if (marker === JFIF && file.toString('latin1', from, from + 4) === 'JFIF') file[from + 5] = 1;
    if (marker === START_OF_SCAN && isSequential && to - from >= 6) file.set([0, 63, 0], to - 3);
  }
  return file.equals(bytes) ? null : file;
}
