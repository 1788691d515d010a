/**
 * Network Dissection word for word: every value sorted, every map upsampled whole, every pixel compared. What the fast
 * code must equal to the last integer, so it shares no code with it.
 */

/**
 * Cell j of a map of `height x width` cells is centred at `offset + j * stride` of the network's input; (0, 0) is its
 * first pixel's centre.
 */
interface PlainGrid {
  height: number;
  width: number;
  offsetY: number;
  offsetX: number;
  strideY: number;
  strideX: number;
}

/** Concepts of the whole image, and label maps of concept + 1, 0 for none: `height * width`, rows then columns. */
interface PlainLabels {
  height: number;
  width: number;
  whole: ArrayLike<number> & Iterable<number>;
  maps: readonly (ArrayLike<number> & Iterable<number>)[];
  /** 1 where a pixel enters no sum of these categories. */
  ignored?: readonly { categories: readonly number[]; pixels: Uint8Array }[];
}

/** @template Labels as the code that is checked takes them */
export interface PlainCase<Labels extends PlainLabels = PlainLabels> {
  grid: PlainGrid;
  input: number;
  units: number;
  /** One an image, unit-major. */
  activations: Float32Array[];
  labels: Labels[];
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
    for (const [image, { height, width, whole, maps, ignored = [] }] of labels.entries()) {
      const upsampled = upsample(mapOf(image, unit), grid, input, height, width);
      const mask = upsampled.map((s) => (silent[unit] ? s > threshold : s >= threshold));
      const carried = new Set<number>();
      for (const c of whole) carried.add(conceptCategories[c]);
      for (const map of maps) for (const label of map) if (label > 0) carried.add(conceptCategories[label - 1]);
      for (const [concept, category] of conceptCategories.entries()) {
        if (category >= categories || !carried.has(category)) continue;
        const voids = ignored.filter((one) => one.categories.includes(category));
        for (let p = 0; p < mask.length; p++) {
          if (voids.some(({ pixels }) => pixels[p] === 1)) continue;
          const labelled = Array.from(whole).includes(concept) || maps.some((map) => map[p] === concept + 1);
          if (labelled && mask[p]) intersections[unit][concept]++;
          if (labelled || mask[p]) unions[unit][concept]++;
        }
      }
    }
  }
  return { thresholds, silent, intersections, unions };
}

/**
 * Each pixel of a mask of `height x width` takes its value between the four cells around it, as docs/definitions.md
 * says in words.
 */
export function upsample(map: Float32Array, grid: PlainGrid, input: number, height: number, width: number): number[] {
  const value = (row: number, column: number) => map[row * grid.width + column];
  const upsampled: number[] = [];
  for (let y = 0; y < height; y++) {
    const [row, down] = between(y, height, input, grid.height, grid.offsetY, grid.strideY);
    for (let x = 0; x < width; x++) {
      const [column, right] = between(x, width, input, grid.width, grid.offsetX, grid.strideX);
      const along = (r: number) => {
        const left = value(r, column);
        return left + right * (value(r, Math.min(column + 1, grid.width - 1)) - left);
      };
      const upper = along(row);
      upsampled.push(upper + down * (along(Math.min(row + 1, grid.height - 1)) - upper));
    }
  }
  return upsampled;
}

/**
 * The cell at or before a pixel, and how far on to the next the pixel lies. Beyond the outermost centres the outermost
 * cell counts alone.
 */
function between(pixel: number, pixels: number, input: number, cells: number, offset: number, stride: number): [number, number] {
  const centre = ((pixel + 0.5) * input) / pixels - 0.5;
  const at = (centre - offset) / stride;
  if (at <= 0 || cells === 1) return [0, 0];
  if (at >= cells - 1) return [cells - 2, 1];
  return [Math.floor(at), at - Math.floor(at)];
}
