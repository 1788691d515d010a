import type { Pixels } from './pixels.ts';

/** An edge that is not level. */
interface Edge {
  top: number;
  bottom: number;
  /** The corner that it starts from. */
  x: number;
  y: number;
  /** Columns a row, in single precision as Pillow reckons. */
  slope: number;
}

/**
 * Sets the inside and the outline of a polygon to a value as labelme does, by Pillow's rule (from 11.3 on): vertices
 * are cut to integers; on each row the edges that touch it (both ends included) are met at x, an edge that ends on the
 * row counting twice unless the row is the polygon's last; the sorted x are filled in pairs, from the first rounded
 * half up to the second rounded half down. Level edges are drawn whole, and flat corners reach the pixels of the row
 * beside them (`cornerAt`).
 *
 * @param points x, y, x, y, ... in pixels; those outside the image are allowed
 * @param pixels `height * width`, rows then columns
 */
export function drawScanlinePolygon(pixels: Pixels, points: readonly number[], height: number, width: number, value = 1): void {
  const at = points.map(Math.trunc);
  const edges: Edge[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < at.length; i += 2) {
    const [x, y] = [at[i], at[i + 1]];
    const [toX, toY] = i + 2 === at.length ? [at[0], at[1]] : [at[i + 2], at[i + 3]];
    first = Math.min(first, y);
    last = Math.max(last, y);
    if (y === toY) fillRow(pixels, y, Math.min(x, toX), Math.max(x, toX), height, width, value);
    else edges.push({ top: Math.min(y, toY), bottom: Math.max(y, toY), x, y, slope: Math.fround((toX - x) / (toY - y)) });
  }
  for (let y = Math.max(0, first); y <= Math.min(height - 1, last); y++) {
    const met: number[] = [];
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i];
      if (y < edge.top || y > edge.bottom) continue;
      const x = xOn(edge, y);
      if (y === edge.bottom && y < last) met.push(x, x);
      else met.push(y === edge.top || y === edge.bottom ? cornerAt(edges, i, y) : x);
    }
    met.sort((a, b) => a - b);
    for (let i = 0; i + 1 < met.length; i += 2) fillRow(pixels, y, rounded(met[i]), roundedIn(met[i + 1]), height, width, value);
  }
}

const xOn = ({ x, y, slope }: Edge, row: number) => Math.fround(Math.fround((row - y) * slope) + x);

/** Rounded to the nearest, halves away from 0. */
const rounded = (x: number) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5);

/** Rounded to the nearest, halves towards 0. */
const roundedIn = (x: number) => Math.sign(x) * Math.ceil(Math.abs(x) - 0.5);

/**
 * Where an edge is met on the row that it begins or ends on. Where it makes a pointed corner with an earlier edge, and
 * both leave it sideways, by more than a pixel a row, the corner is drawn up to the pixel beside the nearer of the two
 * on the next row.
 */
function cornerAt(edges: readonly Edge[], i: number, y: number): number {
  const edge = edges[i];
  const x = xOn(edge, y);
  if (edge.slope === 0) return x;
  const beside = y === edge.bottom ? y - 1 : y + 1;
  for (let k = 0; k < i; k++) {
    const other = edges[k];
    if ((y !== other.top && y !== other.bottom) || other.slope === 0 || rounded(xOn(other, y)) !== rounded(x)) continue;
    if (beside < other.top || beside > other.bottom) continue;
    const [own, others] = [xOn(edge, beside), xOn(other, beside)];
    if (x > own + 1 && x > others + 1) return rounded(Math.max(own, others)) + 1;
    if (x < own - 1 && x < others - 1) return rounded(Math.min(own, others)) - 1;
    return x;
  }
  return x;
}

/** Sets a stretch of a row to a value, both ends included; what lies outside the image does not exist. */
export function fillRow(pixels: Pixels, y: number, from: number, to: number, height: number, width: number, value: number): void {
  if (y < 0 || y >= height || from >= width || to < 0 || to < from) return;
  pixels.fill(value, y * width + Math.max(0, from), y * width + Math.min(width - 1, to) + 1);
}
