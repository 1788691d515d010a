/** Network Dissection word for word: every value sorted, every map upsampled whole, every pixel compared. What the fast code must equal to the last integer. */

import { anchorAxis, type Grid } from '../../../../core/grid.ts';
import type { ImageLabels } from '../../../../ingest/math/segmentation/labels.ts';

export interface PlainCase {
  grid: Grid;
  input: number;
  units: number;
  /** One an image, unit-major. */
  activations: Float32Array[];
  labels: ImageLabels[];
  conceptCategories: number[];
  categories: number;
  tau: number;
}

export interface PlainResult {
  thresholds: number[];
  silent: boolean[];
  /** `[unit][concept]`. */
  intersections: number[][];
  unions: number[][];
}

export function plainDissection({ grid, input, units, activations, labels, conceptCategories, categories, tau }: PlainCase): PlainResult {
  const cells = grid.height * grid.width;
  const mapOf = (image: number, unit: number) => activations[image].subarray(unit * cells, (unit + 1) * cells);
  const thresholds: number[] = [];
  const silent: boolean[] = [];
  const intersections = Array.from({ length: units }, () => conceptCategories.map(() => 0));
  const unions = Array.from({ length: units }, () => conceptCategories.map(() => 0));
  for (let unit = 0; unit < units; unit++) {
    const values = activations.flatMap((_, image) => Array.from(mapOf(image, unit))).sort((a, b) => b - a);
    const threshold = values[Math.floor(Number((tau * values.length).toPrecision(12)))];
    thresholds.push(threshold);
    silent.push(threshold === values.at(-1));
    for (const [image, { height, width, whole, maps }] of labels.entries()) {
      const upsampled = upsample(mapOf(image, unit), grid, input, height, width);
      const mask = upsampled.map((s) => (silent[unit] ? s > threshold : s >= threshold));
      const carried = new Set<number>();
      for (const c of whole) carried.add(conceptCategories[c]);
      for (const map of maps) for (const label of map) if (label > 0) carried.add(conceptCategories[label - 1]);
      for (const [concept, category] of conceptCategories.entries()) {
        if (category >= categories || !carried.has(category)) continue;
        for (let p = 0; p < mask.length; p++) {
          const labelled = whole.includes(concept) || maps.some((map) => map[p] === concept + 1);
          if (labelled && mask[p]) intersections[unit][concept]++;
          if (labelled || mask[p]) unions[unit][concept]++;
        }
      }
    }
  }
  return { thresholds, silent, intersections, unions };
}

export function upsample(map: Float32Array, grid: Grid, input: number, height: number, width: number): number[] {
  const rows = anchorAxis(grid.height, grid.offsetY, grid.strideY, input, height);
  const columns = anchorAxis(grid.width, grid.offsetX, grid.strideX, input, width);
  const cell = (r: number, c: number) => map[r * grid.width + c];
  const upsampled: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const along = (r: number) => cell(r, columns.lower[x]) + columns.weight[x] * (cell(r, columns.upper[x]) - cell(r, columns.lower[x]));
      const upper = along(rows.lower[y]);
      upsampled.push(upper + rows.weight[y] * (along(rows.upper[y]) - upper));
    }
  }
  return upsampled;
}
