import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openChunks } from '../../../ingest/dissection/chunks.ts';
import { type Collected, collector } from '../../../ingest/math/segmentation/collect.ts';
import { startSample } from '../../../ingest/math/segmentation/sample.ts';
import { emptyTopImages, type TopImages } from '../../../ingest/math/segmentation/top-images.ts';

const GRID = { height: 2, width: 3, offsetY: 0, offsetX: 0, strideY: 8, strideX: 8 };
const UNITS = 4;

async function workFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dissectory-chunks-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** What a chunk of one image leaves. */
async function collected(image: number, values: readonly number[]): Promise<{ part: Collected; top: TopImages }> {
  const top = emptyTopImages(UNITS, 6);
  const sample = startSample(6, new Float32Array(UNITS).fill(-Infinity), 0.005, 1);
  const one = collector(GRID, sample, top, new Float32Array(UNITS).fill(Infinity));
  await one.add({ images: [image], activations: Float32Array.from(values) });
  return { part: one.finish(), top };
}

const parts = (layers: Awaited<ReturnType<typeof collected>>[]) => layers.map(({ part }) => part);
const tops = (layers: Awaited<ReturnType<typeof collected>>[]) => layers.map(({ top }) => top);

const activations = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: UNITS * 6, maxLength: UNITS * 6 });

describe('a chunk store', () => {
  it('gives back what was put, from memory and from disk, also to the process that comes after', async () => {
    const folder = await workFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(activations, { minLength: 1, maxLength: 4 }), fc.constantFrom(0, 300, 1e9), async (layers, memory) => {
        const place = path.join(folder, String(run++));
        const put = await Promise.all(layers.map((values, layer) => collected(layer, values)));
        const chunks = await openChunks(place, memory);
        await chunks.put(7, parts(put), tops(put));
        const next = await openChunks(place, 0);
        for (const [layer, one] of parts(put).entries()) {
          expect(await chunks.get(7, layer)).toEqual(one);
          expect(await next.get(7, layer)).toEqual(one);
        }
        expect(await next.tops(7, put.length)).toEqual(tops(put));
        expect([chunks.has(7), next.has(7), next.has(6)]).toEqual([true, true, false]);
      }),
      { numRuns: 25 },
    );
  });

  it('has no chunk whose writing was broken off, and writes it again', async () => {
    const folder = await workFolder();
    const whole = [await collected(1, Array(24).fill(1)), await collected(1, Array(24).fill(2))];
    const before = await openChunks(folder, 0);
    await before.put(0, parts(whole), tops(whole));
    await mkdir(path.join(folder, '000001.part'));
    await writeFile(path.join(folder, '000001.part', '0.bin'), 'half a la');

    const after = await openChunks(folder, 0);
    expect([after.has(0), after.has(1)]).toEqual([true, false]);
    await after.put(1, parts(whole), tops(whole));
    expect(after.has(1)).toBe(true);
    expect(await after.get(1, 1)).toEqual(whole[1].part);
    expect(await readdir(folder)).toEqual(['000000', '000001']);
  });
});
