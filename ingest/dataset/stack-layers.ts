import { NONE } from './codes.ts';
import type { Pixels } from './shapes/pixels.ts';

/**
 * Lays a concept's mask over those before it, each pixel into the first layer where nothing stands yet: overlapping concepts all count, each once
 * a pixel.
 *
 * @param layers `height * width` codes each; grows where it must
 * @param code of a concept; it may come several times. null: it is none that pictures show, and nothing is laid
 * @param mask `height * width`: 0 outside
 */
export function stackMask(layers: Uint16Array[], code: number | null, mask: Pixels): void {
  if (code === null) return;
  for (let p = 0; p < mask.length; p++) {
    if (mask[p] === 0) continue;
    for (let depth = 0; ; depth++) {
      if (depth === layers.length) layers.push(new Uint16Array(mask.length));
      const layer = layers[depth];
      if (layer[p] === code) break;
      if (layer[p] !== NONE) continue;
      layer[p] = code;
      break;
    }
  }
}
