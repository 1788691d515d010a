import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eachRun, polygonFlips } from '../../../../ingest/dataset/shapes/coco-polygon.ts';
import type { Pixels } from '../../../../ingest/dataset/shapes/pixels.ts';
import { eachLength, parseRunLengths, requireRunLengths } from '../../../../ingest/dataset/shapes/run-lengths.ts';
import { drawScanlineCircle } from '../../../../ingest/dataset/shapes/scanline-circle.ts';
import { drawScanlinePolygon } from '../../../../ingest/dataset/shapes/scanline-polygon.ts';
import { turnColumns } from '../../../../ingest/dataset/shapes/turn-columns.ts';

const fixture = new URL('../../../fixtures/shapes/shapes.json', import.meta.url);
/** What pycocotools and Pillow drew; see make.py beside it. */
const drawn: {
  coco: { rings: number[][]; counts: string; rows: string[] }[];
  circles: { centre: [number, number]; radius: number; rows: string[] }[];
  polygons: { points: number[]; rows: string[] }[];
} = JSON.parse(readFileSync(fixture, 'utf8'));

function picture(rows: readonly string[], draw: (pixels: Pixels, height: number, width: number) => void): string[] {
  const [height, width] = [rows.length, rows[0].length];
  const pixels = new Uint8Array(height * width);
  draw(pixels, height, width);
  return rows.map((_, y) => Array.from(pixels.subarray(y * width, (y + 1) * width), (pixel) => (pixel === 0 ? '.' : '#')).join(''));
}

/** The same for shapes that tell stretches of pixels which lie columns first. */
function inColumns(rows: readonly string[], tellAll: (tell: (from: number, to: number) => void, height: number, width: number) => void) {
  return picture(rows, (pixels, height, width) => {
    const columns = new Uint16Array(pixels.length);
    tellAll((from, to) => columns.fill(1, from, to), height, width);
    pixels.set(turnColumns(columns, height, width));
  });
}

describe('polygons of COCO', () => {
  test("cover pycocotools' pixels, beyond the image, with points that repeat and rings that cross", () => {
    for (const { rings, rows } of drawn.coco) {
      const ours = inColumns(rows, (tell, height, width) => {
        for (const ring of rings) eachRun(polygonFlips(ring, height, width), height * width, tell);
      });
      expect(ours, JSON.stringify(rings)).toEqual(rows);
    }
  });

  test('flip at the middle of columns: a square of two pixels', () => {
    expect([...polygonFlips([0, 0, 2, 0, 2, 2, 0, 2], 4, 4)]).toEqual([0, 2, 4, 6]);
  });

  test('take no longer for what lies far outside', () => {
    const runs: number[] = [];
    eachRun(polygonFlips([-1e12, -1e12, 1e12, -1e12, 1e12, 1e12, -1e12, 1e12], 10, 10), 100, (from, to) => runs.push(to - from));
    expect(runs.reduce((sum, run) => sum + run, 0)).toBe(100);
  });
});

describe('run lengths', () => {
  test('of text and of its numbers cover the same pixels as the polygons that they came from', () => {
    for (const { counts, rows } of drawn.coco) {
      const ours = inColumns(rows, (tell, height, width) => {
        const lengths = parseRunLengths(counts);
        requireRunLengths(lengths, height, width);
        eachLength(lengths, tell);
      });
      expect(ours).toEqual(rows);
    }
  });

  test('go down the columns, outside first', () => {
    expect(inColumns(['....', '....'], (tell) => eachLength([1, 3, 3, 1], tell))).toEqual(['.#..', '##.#']);
  });

  test.each([
    [[1, 2], 'sum to 3 where 2 x 2'],
    [[1, -1, 4], 'run length -1'],
    [[1, 1.5, 1.5], 'run length 1.5'],
    [[4, '0'], 'run length "0"'],
  ])('%j are refused', (counts, why) => {
    expect(() => requireRunLengths(counts, 2, 2)).toThrow(why);
  });

  test.each([
    ['0P', 'end within a number'],
    ['1 ', 'the character " "'],
    ['N', 'run length -2'],
    ['oooooooooo0', 'too large'],
  ])('the text %j is refused', (text, why) => {
    expect(() => parseRunLengths(text)).toThrow(why);
  });
});

describe('shapes of labelme', () => {
  test("circles cover Pillow's pixels", () => {
    for (const { centre, radius, rows } of drawn.circles)
      expect(picture(rows, (pixels, height, width) => drawScanlineCircle(pixels, ...centre, radius, height, width))).toEqual(rows);
  });

  test("polygons cover Pillow's pixels", () => {
    for (const { points, rows } of drawn.polygons)
      expect(
        picture(rows, (pixels, height, width) => drawScanlinePolygon(pixels, points, height, width)),
        String(points),
      ).toEqual(rows);
  });
});
