import fc from 'fast-check';
import type { Grid } from '../../../../core/grid.ts';
import type { ImageLabels } from '../../../../ingest/math/segmentation/labels.ts';
import type { PlainCase } from './plain.ts';

/** Activations that break shortcuts, one kind a unit; `i` is the image, `n` how many there are. */
const ADVERSARIES: Record<string, (random: () => number, i: number, n: number) => number> = {
  constant: () => 3,
  'all zero': () => 0,
  'zero of both signs': (random) => (random() < 0.5 ? -0 : 0),
  negative: (random) => -random() - 1,
  'rising over the dataset': (random, i) => i + random(),
  'falling over the dataset': (random, i) => -i - random(),
  'heavy ties': (random) => Math.floor(random() * 4),
  saturating: (random) => Math.min(6, Math.max(0, random() * 20 - 6)),
  'one image with every extreme': (random, i, n) => (i === n - 1 ? 1000 + random() : random()),
  'first images only': (random, i) => (i < 2 ? 50 + random() : 0),
  'silent but for one cell in a thousand': (random) => (random() < 0.001 ? 7 : 0),
  'an ordinary rectified unit': (random) => Math.max(0, random() * 3 - 2),
};
const KINDS = Object.values(ADVERSARIES);

export const seeded = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** Small datasets with one unit of each kind. */
export const cases = fc
  .record({
    seed: fc.nat(),
    images: fc.integer({ min: 1, max: 150 }),
    height: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 6 }),
    offset: fc.double({ min: -4, max: 8, noNaN: true }),
    stride: fc.constantFrom(2, 4, 5.5),
    tau: fc.constantFrom(0.005, 0.04, 0.3, 0.0001),
  })
  .map(({ seed, images, height, width, offset, stride, tau }): PlainCase<ImageLabels> => {
    const random = seeded(seed);
    const grid: Grid = { height, width, offsetY: offset, offsetX: offset / 2, strideY: stride, strideX: stride };
    const conceptCategories = [0, 0, 1, 1, 2];
    return {
      grid,
      input: 24,
      units: KINDS.length,
      activations: Array.from({ length: images }, (_, i) =>
        Float32Array.from({ length: KINDS.length * height * width }, (_, at) =>
          KINDS[Math.floor(at / (height * width))](random, i, images),
        ),
      ),
      labels: Array.from({ length: images }, () => randomLabels(random, conceptCategories)),
      conceptCategories,
      categories: 3,
      tau,
    };
  });

export function randomLabels(random: () => number, conceptCategories: number[]): ImageLabels {
  const [height, width] = random() < 0.5 ? [5, 7] : [8, 4];
  const area = height * width;
  const mapOf = (labels: number[]) => Uint16Array.from({ length: area }, () => labels[Math.floor(random() * labels.length)]);
  const maps = [mapOf([0, 1, 2]), mapOf([0, 0, 1]), mapOf(random() < 0.3 ? [0] : [0, 3, 4])].filter(() => random() < 0.8);
  const whole = Int32Array.from(random() < 0.5 ? [4] : []);
  const present = new Set(whole.length ? [2] : []);
  for (const map of maps) for (const label of map) if (label > 0) present.add(conceptCategories[label - 1]);
  return { height, width, present: [...present], whole, maps, ignored: [] };
}
