import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSheet } from '../../../src/images/sheet.ts';
import { textBlock } from '../../../src/images/text.ts';

const TEXT = path.join(import.meta.dirname, '../../../src/images/text.ts');

/** How much ink there is: the sum of all alpha. */
async function ink(png: Buffer): Promise<number> {
  const alpha = await sharp(png).extractChannel(3).raw().toBuffer();
  return alpha.reduce((sum, value) => sum + value, 0);
}

describe('text on pictures', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dissectory-fonts-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Renders in a process that knows of no font of the machine's. */
  async function withoutFonts(texts: string[]): Promise<Buffer[]> {
    await writeFile(
      path.join(folder, 'fonts.conf'),
      '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>',
    );
    const script = `
      import { writeFileSync } from 'node:fs';
      import { textBlock } from ${JSON.stringify(TEXT)};
      for (const [i, text] of ${JSON.stringify(texts)}.entries()) writeFileSync(${JSON.stringify(folder)} + '/' + i + '.png', (await textBlock(text, 'regular', 12, 400)).input);`;
    const env = { ...process.env, FONTCONFIG_FILE: path.join(folder, 'fonts.conf'), FONTCONFIG_PATH: folder, HOME: folder };
    await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { env });
    return Promise.all(texts.map((_, i) => readFile(path.join(folder, `${i}.png`))));
  }

  it('is written in letters where the machine has no fonts at all', async () => {
    const unknown = '\u{10FFFD}'; // in no font: a box in its place
    const [i, w, box, wide] = await withoutFonts(['i', 'W', unknown, 'unit 81 · ship']);
    const [inkI, inkW, inkBox] = await Promise.all([i, w, box].map(ink));
    expect(inkI).toBeGreaterThan(0);
    expect(new Set([inkI, inkW, inkBox]).size).toBe(3);
    const { width: narrow } = await sharp(i).metadata();
    const { width } = await sharp(wide).metadata();
    expect(narrow).toBeLessThan(10); // a box would be wider
    expect(width).toBeGreaterThan(60);
    const here = await textBlock('unit 81 · ship', 'regular', 12, 400);
    expect(Math.abs(here.width - width)).toBeLessThan(8); // the same font as elsewhere, but for hinting
  });

  it('takes markup for letters, and never fails for want of some', async () => {
    const plain = await textBlock('a < b & c', 'regular', 12, 400);
    const bold = await textBlock('<b>a</b>', 'regular', 12, 400);
    expect(plain.width).toBeGreaterThan(50);
    expect(bold.width).toBeGreaterThan(50);
    expect((await textBlock('\u0000 \n', 'regular', 12, 400)).width).toBeGreaterThan(0);
  });

  it('is broken into lines that are no wider than asked', async () => {
    const one = await textBlock('swimming pool outdoor', 'regular', 12, 400);
    const broken = await textBlock('swimming pool outdoor', 'regular', 12, 80);
    expect(broken.width).toBeLessThanOrEqual(80);
    expect(broken.height).toBeGreaterThan(2 * one.height);
    expect((await textBlock('x'.repeat(60), 'regular', 12, 80)).width).toBeLessThanOrEqual(80);
  });
});

describe('a sheet', () => {
  const red = { height: 20, width: 40, pixels: new Uint8Array(20 * 40 * 3).map((_, i) => (i % 3 === 0 ? 255 : 0)) };

  it('has six pictures in a row, each with its text under it, on white', async () => {
    const tiles = Array.from({ length: 8 }, (_, i) => ({ picture: red, caption: `unit ${i}` }));
    const { data, info } = await sharp(await renderSheet({ title: 'beach: 1.00', subtitle: 'of a network', tiles }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
    const isRed = (x: number, y: number) => at(x, y).join() === '255,0,0';
    const rows = Array.from({ length: info.height }, (_, y) => y).filter((y) => isRed(16, y));
    expect(rows).toHaveLength(2 * 20);
    expect([0, 1, 2, 3, 4, 5, 6].map((column) => isRed(16 + column * 48, rows[0]))).toEqual([true, true, true, true, true, true, false]);
    expect([0, 1, 2].map((column) => isRed(16 + column * 48, rows[20]))).toEqual([true, true, false]);
    expect(at(2, 2)).toEqual([255, 255, 255]);
    /** Dark pixels of a part of the page. */
    const dark = (left: number, top: number, width: number, height: number) => {
      let count = 0;
      for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) if (Math.max(...at(x, y)) < 128) count++;
      return count;
    };
    expect(dark(16, 0, 300, rows[0] - 20)).toBeGreaterThan(100);
    for (const column of [0, 5]) expect(dark(16 + column * 48, rows[0] + 20, 40, rows[20] - rows[0] - 20), `${column}`).toBeGreaterThan(20);
    expect(dark(16 + 2 * 48, rows[20] + 20, 40, info.height - rows[20] - 20)).toBe(0);
  });
});
