import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byThreshold, emptyTopImages, mergeTopImages, offer, TOP_IMAGES } from '../../../../ingest/math/segmentation/top-images.ts';

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

  /** Maps of four cells whose values are few, so that maxima are often equal: of ReLU6, say. */
  const plateaus = fc.array(fc.array(fc.constantFrom(0, 3, 6), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 40 });
  const most = (map: number[], bound: number) => map.filter((value) => value >= bound).length;
  const mean = (map: number[]) => map.reduce((sum, value) => sum + value, 0) / map.length;

  it('of equal maxima are those with most cells at the maximum, then of the larger mean, whatever the order and however split', () => {
    fc.assert(
      fc.property(plateaus, fc.boolean(), (maps, backwards) => {
        const [top, other] = [emptyTopImages(1, 4), emptyTopImages(1, 4)];
        const images = maps.map((_, i) => i);
        if (backwards) images.reverse();
        for (const i of images) offer(i % 3 === 0 ? other : top, 0, i, Math.max(...maps[i]), Float32Array.from(maps[i]), 0, 4);
        mergeTopImages(top, other);
        const max = (i: number) => Math.max(...maps[i]);
        const expected = maps
          .map((_, i) => i)
          .sort((a, b) => max(b) - max(a) || most(maps[b], max(b)) - most(maps[a], max(a)) || mean(maps[b]) - mean(maps[a]) || a - b);
        expect(Array.from(top.images.subarray(0, top.counts[0]))).toEqual(expected.slice(0, TOP_IMAGES));
      }),
    );
  });

  it('are shown with those first, of equal maxima, of which more lies in the mask', () => {
    const maps = [
      [6, 0, 0, 0],
      [6, 3, 3, 3],
      [6, 6, 0, 0],
      [3, 3, 3, 3],
    ];
    const top = emptyTopImages(1, 4);
    for (const [i, map] of maps.entries()) offer(top, 0, i, Math.max(...map), Float32Array.from(map), 0, 4);
    const shown = (bound: number) => byThreshold(top, 0, bound).map((rank) => top.images[rank]);
    expect(shown(6)).toEqual([2, 1, 0, 3]); // saturated: the threshold is the maximum
    expect(shown(3)).toEqual([1, 2, 0, 3]);
    expect(shown(7)).toEqual([1, 2, 0, 3]); // nothing reaches it: by the mean
  });
});
