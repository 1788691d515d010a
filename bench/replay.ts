import { createHash } from 'node:crypto';
import type { Runner } from '../ingest/engine/engine.ts';

/**
 * Passes each distinct image through the network once and then remembers what it gave: a dataset of repeated images at
 * the cost of a small one.
 */
export function replayed(runner: Runner): Runner {
  const known = new Map<string, Float32Array[]>();
  return {
    ...runner,
    async run(pixels, count) {
      const size = pixels.length / count;
      const keys = Array.from({ length: count }, (_, i) =>
        createHash('md5')
          .update(pixels.subarray(i * size, (i + 1) * size))
          .digest('hex'),
      );
      for (const [i, key] of keys.entries()) {
        if (!known.has(key)) known.set(key, await runner.run(pixels.slice(i * size, (i + 1) * size), 1));
      }
      const images = keys.map((key) => known.get(key) as Float32Array[]);
      return images[0].map((first, layer) => {
        const all = new Float32Array(count * first.length);
        for (const [i, layers] of images.entries()) all.set(layers[layer], i * first.length);
        return all;
      });
    },
  };
}
