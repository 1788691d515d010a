import { anchorAxis } from '../../core/grid.ts';

/**
 * Stretches RGB bytes (`height * width * 3`, rows then columns) to a size at least as large, bilinearly, pixel centres
 * over pixel centres: target pixel i lies at `(i + 0.5) * height / toHeight - 0.5`, outside the outermost centres the
 * edge pixel stands.
 *
 * Done here because libvips lays enlarged images half a pixel off, also along an axis that keeps its size; activations
 * would then lie beside the masks.
 */
export function enlarge(pixels: Uint8Array, height: number, width: number, toHeight: number, toWidth: number): Uint8Array {
  const rows = anchorAxis(height, 0, 1, height, toHeight);
  const columns = anchorAxis(width, 0, 1, width, toWidth);
  const enlarged = new Uint8Array(toHeight * toWidth * 3);
  for (let y = 0, to = 0; y < toHeight; y++) {
    const upper = rows.lower[y] * width;
    const lower = rows.upper[y] * width;
    for (let x = 0; x < toWidth; x++) {
      const left = columns.lower[x];
      const right = columns.upper[x];
      for (let channel = 0; channel < 3; channel++) {
        const top = mix(pixels[(upper + left) * 3 + channel], pixels[(upper + right) * 3 + channel], columns.weight[x]);
        const bottom = mix(pixels[(lower + left) * 3 + channel], pixels[(lower + right) * 3 + channel], columns.weight[x]);
        enlarged[to++] = Math.round(mix(top, bottom, rows.weight[y]));
      }
    }
  }
  return enlarged;
}

function mix(a: number, b: number, weight: number): number {
  return a + (b - a) * weight;
}
