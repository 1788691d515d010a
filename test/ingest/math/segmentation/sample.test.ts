import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, it } from 'vitest';
import { startSample } from '../../../../ingest/math/segmentation/sample.ts';
import { scan } from '../../../../ingest/math/segmentation/scan.ts';
import { allowedAbove } from '../../../../ingest/math/segmentation/threshold.ts';

const SIDE = 30;
const CELLS = SIDE * SIDE;
const IMAGES = 1024;
const TAU = 0.005;

/** One unit's maps; gives the mark that the sample puts, and the share of all values that lie above it. */
async function markOf(fill: (map: Float32Array, random: () => number) => void) {
  const generator = xoroshiro128plus(7);
  const random = () => uniformFloat64(generator);
  const activations = new Float32Array(IMAGES * CELLS);
  for (let image = 0; image < IMAGES; image++) fill(activations.subarray(image * CELLS, (image + 1) * CELLS), random);
  const sample = startSample(CELLS, Float32Array.of(-Infinity), TAU, 1);
  const minima = Float32Array.of(Infinity);
  const maxima = new Float32Array(16);
  for (let first = 0; first < IMAGES; first += 16) {
    const images = Array.from({ length: 16 }, (_, i) => first + i);
    const batch = { images, activations: activations.subarray(first * CELLS, (first + 16) * CELLS) };
    scan(batch, 1, CELLS, minima, maxima);
    await sample.add(batch, maxima, minima);
  }
  const mark = sample.marks()[0];
  const threshold = activations
    .slice()
    .sort()
    .at(-1 - allowedAbove(TAU, activations.length)) as number;
  return { mark, threshold, above: activations.filter((value) => value > mark).length / activations.length };
}

it('puts the mark of a unit that fires cell by cell hardly below its threshold', async () => {
  const { mark, threshold, above } = await markOf((map, random) => {
    for (let cell = 0; cell < CELLS; cell++) map[cell] = random();
  });
  expect(mark).toBeLessThan(threshold);
  expect(above).toBeLessThan(1.5 * TAU);
});

it('puts the mark of a unit that fires on whole images further below', async () => {
  const { mark, threshold, above } = await markOf((map, random) => {
    const level = random();
    for (let cell = 0; cell < CELLS; cell++) map[cell] = level + random() / 1000;
  });
  expect(mark).toBeLessThan(threshold);
  expect(above).toBeGreaterThan(2 * TAU);
  expect(above).toBeLessThan(8 * TAU);
});

it('is not misled by a unit that fires in the same corner of every image', async () => {
  const { mark, threshold } = await markOf((map, random) => {
    for (let cell = 0; cell < CELLS; cell++) map[cell] = random();
    map[0] = 1 + random();
  });
  expect(threshold).toBeLessThan(1);
  expect(mark).toBeLessThan(threshold);
});
