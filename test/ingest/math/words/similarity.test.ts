import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Embeddings, type Similarity, similarities } from '../../../../ingest/math/words/similarity.ts';
import { readNpy } from '../../../npy.ts';
import { sharedPath } from '../../../shared.ts';

const embeddings = (rows: readonly (readonly number[])[]): Embeddings => ({
  count: rows.length,
  width: rows[0].length,
  values: Float32Array.from(rows.flat()),
});
/** Of length 1, with this cosine to (1, 0). */
const at = (cosine: number): number[] => [cosine, Math.sqrt(1 - cosine ** 2)];

describe('the cubed cosine', () => {
  it('is what it is by hand', () => {
    // Activations 0, 1, 5 give -8, -1, 27 with norm 28.178006; cosines 0.3, 0.1, 0.2 give 0.001, -0.001, 0 with norm
    // 0.001414.
    const images = embeddings([at(0.3), at(0.1), at(0.2)]);
    const [similarity] = similarities('cos_cubed', images, embeddings([[2, 0]]), 1, () => Float64Array.of(0, 1, 5));
    expect(similarity).toBeCloseTo(-0.17566, 5);
  });
});

describe('WPMI', () => {
  it('prefers the text that a unit’s own images are like, where another unit’s are not', () => {
    const images = embeddings(Array.from({ length: 120 }, (_, i) => (i < 60 ? at(1) : at(0))));
    const texts = embeddings([
      [1, 0],
      [0, 1],
    ]);
    const meanOf = (unit: number) => Float64Array.from({ length: 120 }, (_, i) => (i < 60 === (unit === 0) ? 1 + i / 120 : i / 240));
    for (const method of ['wpmi', 'cos_cubed'] as const) {
      const s = similarities(method, images, texts, 2, meanOf);
      expect(s[0]).toBeGreaterThan(s[1]);
      expect(s[3]).toBeGreaterThan(s[2]);
    }
  });

  it('refuses fewer images than it looks at, and embeddings that cannot be compared', () => {
    const one = embeddings([[1, 0]]);
    const meanOf = () => Float64Array.of(1);
    expect(() => similarities('soft_wpmi', one, one, 1, meanOf)).toThrow('1 images, where 100 are needed');
    expect(() => similarities('cos_cubed', one, embeddings([[1, 0, 0]]), 1, meanOf)).toThrow(
      'image embeddings of 2 numbers, text embeddings of 3',
    );
  });
});

const labels = sharedPath('labels');
const UNITS = 128;

describe.skipIf(!labels)('over broden-mini, against float64 references', () => {
  const file = (name: string) => `${labels}/${name}`;
  const load = (name: string, width: number): Embeddings => {
    const values = Float32Array.from(readNpy(file(name)));
    return { count: values.length / width, width, values };
  };

  it.each(['scenes-alexnet-fc', 'objects-alexnet'])('%s: every similarity, and the text of every unit', (model) => {
    const [images, texts] = [load('broden-mini.image_embeddings.npy', 64), load('broden-mini.text_embeddings.npy', 64)];
    const means = readNpy(file(`${model}__conv5.score_mean.npy`));
    const meanOf = (unit: number) => Float64Array.from({ length: images.count }, (_, i) => means[i * UNITS + unit]);
    const { units } = JSON.parse(readFileSync(file(`${model}__conv5.clip.json`), 'utf8'));
    for (const [method, tolerance] of [
      ['soft_wpmi', 1e-10],
      ['wpmi', 1e-10],
      ['cos_cubed', 1e-13],
    ] as const satisfies readonly (readonly [Similarity, number])[]) {
      const found = similarities(method, images, texts, UNITS, meanOf);
      const expected = readNpy(file(`${model}__conv5.clip_${method}.npy`));
      expect(found).toHaveLength(expected.length);
      for (const [i, one] of expected.entries()) expect(Math.abs(found[i] - one)).toBeLessThanOrEqual(tolerance);
      for (let unit = 0; unit < UNITS; unit++) {
        const own = found.subarray(unit * texts.count, (unit + 1) * texts.count);
        expect(own.indexOf(own.reduce((a, b) => Math.max(a, b)))).toBe(units[unit][method].text);
      }
    }
  });
});
