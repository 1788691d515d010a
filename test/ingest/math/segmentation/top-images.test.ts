import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTopImages, offer, TOP_IMAGES } from '../../../../ingest/math/segmentation/top-images.ts';

const list = (top: ReturnType<typeof emptyTopImages>) =>
  Array.from({ length: top.counts[0] }, (_, slot) => [top.images[slot], top.maxima[slot], top.maps[slot]]);

describe('top images', () => {
  it('are the ten largest maxima, ties to the lower image, each with its map, whatever the order', () => {
    const maxima = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(maxima, fc.boolean(), (values, backwards) => {
        const images = values.map((_, i) => i);
        if (backwards) images.reverse();
        const top = emptyTopImages(1, 1);
        for (const i of images) offer(top, 0, i, values[i], Float32Array.of(values[i]), 0, 1);
        const expected = values.map((v, i) => [i, v, v]).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
        expect(list(top)).toEqual(expected.slice(0, TOP_IMAGES));
      }),
    );
  });
});
