import { describe, expect, it } from 'vitest';
import { checkDataset } from '../../../ingest/dataset/broden/check.ts';
import { describeFault } from '../../../ingest/dataset/fault.ts';
import { endsAsJpeg } from '../../../ingest/dataset/jpeg-end.ts';
import { rgb, smallBroden } from './small.ts';

const SIDE = 64;
const photograph = () =>
  rgb(
    4,
    6,
    Array.from({ length: 72 }, (_, i) => (i * 37) % 256),
  );
const noise = () =>
  rgb(
    SIDE,
    SIDE,
    Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * i * 31) % 251),
  )
    .jpeg()
    .toBuffer();

/** An EXIF segment that holds a preview, which is a JPEG of its own. */
async function withPreview(jpeg: Buffer): Promise<Buffer> {
  const preview = await photograph().jpeg().toBuffer();
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(preview.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, preview, jpeg.subarray(2)]);
}

const zeroed = (jpeg: Buffer) => Buffer.from(jpeg).fill(0, Math.floor(jpeg.length / 2));

describe('a JPEG', () => {
  it('ends with its end marker, whatever lies behind', async () => {
    const jpeg = await noise();
    expect(endsAsJpeg(jpeg)).toBe(true);
    expect(endsAsJpeg(Buffer.concat([jpeg, Buffer.alloc(512)]))).toBe(true);
    expect(endsAsJpeg(await withPreview(jpeg))).toBe(true);
  });

  it('does not where its second half is zeros, even if a preview in it is whole', async () => {
    const jpeg = await noise();
    expect(endsAsJpeg(zeroed(jpeg))).toBe(false);
    expect(endsAsJpeg(zeroed(await withPreview(jpeg)))).toBe(false);
    expect(endsAsJpeg(jpeg.subarray(0, jpeg.length - 1))).toBe(false);
  });

  it('of no kind is a PNG, whose parts have checksums', async () => {
    expect(endsAsJpeg(await photograph().png().toBuffer())).toBe(true);
    expect(endsAsJpeg(new Uint8Array())).toBe(true);
  });
});

it('checkDataset reports a JPEG whose second half is zeros', async () => {
  const faults: string[] = [];
  const jpeg = await photograph().resize(6, 4).jpeg({ quality: 100 }).toBuffer();
  const root = await smallBroden({ 'images/a.png': Buffer.from(jpeg).fill(0, jpeg.length - 40) });
  for await (const fault of checkDataset(root, () => {})) faults.push(describeFault(fault));
  expect(faults).toEqual([
    'images/a.png (index.csv, line 2): is no readable image (it has no end marker: its last part is missing or overwritten); restore the file or remove the row',
  ]);
});
