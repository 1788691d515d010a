import type { ImageLabels } from '../ingest/math/segmentation/labels.ts';

/**
 * The tally as NetDissect and NetDissect-Lite do it, in plain JavaScript: for each image and each unit whose maximum
 * exceeds its threshold, the map is resized to the mask (bilinear), compared, its pixels listed, and the labels under
 * them counted map by map.
 *
 * @param intersections `units * (concepts + 1)`, added to
 */
export function peersLoop(
  activations: Float32Array,
  units: number,
  [gridHeight, gridWidth]: readonly [number, number],
  thresholds: Float32Array,
  labels: ImageLabels,
  concepts: number,
  intersections: Float64Array,
): void {
  const cells = gridHeight * gridWidth;
  const { height, width, maps, whole } = labels;
  for (let unit = 0; unit < units; unit++) {
    const map = activations.subarray(unit * cells, (unit + 1) * cells);
    let max = -Infinity;
    for (const value of map) if (value > max) max = value;
    if (max <= thresholds[unit]) continue;
    const resized = resize(map, gridHeight, gridWidth, height, width);
    const active: number[] = [];
    for (let p = 0; p < resized.length; p++) if (resized[p] > thresholds[unit]) active.push(p);
    const base = unit * (concepts + 1);
    for (const labelMap of maps) for (const p of active) intersections[base + labelMap[p]]++;
    for (const concept of whole) intersections[base + concept + 1] += active.length;
  }
}

function resize(map: Float32Array, fromHeight: number, fromWidth: number, height: number, width: number): Float32Array {
  const resized = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = Math.min(Math.max(((y + 0.5) * fromHeight) / height - 0.5, 0), fromHeight - 1);
    const upper = Math.floor(row);
    const lower = Math.min(upper + 1, fromHeight - 1);
    const down = row - upper;
    for (let x = 0; x < width; x++) {
      const column = Math.min(Math.max(((x + 0.5) * fromWidth) / width - 0.5, 0), fromWidth - 1);
      const left = Math.floor(column);
      const right = Math.min(left + 1, fromWidth - 1);
      const across = column - left;
      const above = map[upper * fromWidth + left] * (1 - across) + map[upper * fromWidth + right] * across;
      const below = map[lower * fromWidth + left] * (1 - across) + map[lower * fromWidth + right] * across;
      resized[y * width + x] = above * (1 - down) + below * down;
    }
  }
  return resized;
}
