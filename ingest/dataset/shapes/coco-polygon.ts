/** Along one axis five fine steps make a pixel. */
const STEPS = 5;

/**
 * Where the inside of a polygon flips, column by column, as COCO's own tools (pycocotools) rasterise it: a fine
 * outline, five steps a pixel, is read where it passes the middle of a column. Down a column the inside flips at each
 * row given, and what is open at its end goes on at the top of the next one (even-odd over the whole image).
 *
 * @param points x, y, x, y, ... in pixels, 0 the left or upper border of the first; those outside the image are allowed
 * @returns places `column * height + row`, ascending; `row` may be `height`
 */
export function polygonFlips(points: readonly number[], height: number, width: number): Int32Array {
  const corners = points.length / 2;
  const fine = points.map((value) => Math.trunc(STEPS * value + 0.5));
  const flips: number[] = [];
  for (let i = 0; i < corners; i++) {
    const next = i + 1 === corners ? 0 : i + 1;
    passColumns(fine[i * 2], fine[i * 2 + 1], fine[next * 2], fine[next * 2 + 1], height, width, flips);
  }
  return Int32Array.from(flips).sort();
}

/**
 * Adds where one fine edge passes columns' middles. It is walked along its longer axis, from the end with the smaller
 * coordinate.
 */
function passColumns(x0: number, y0: number, x1: number, y1: number, height: number, width: number, flips: number[]): void {
  if (x0 === x1) return;
  const across = Math.abs(x1 - x0);
  const down = Math.abs(y1 - y0);
  const isFlat = across >= down;
  const isTurned = isFlat ? x0 > x1 : y0 > y1;
  const [xs, ys, xe, ye] = isTurned ? [x1, y1, x0, y0] : [x0, y0, x1, y1];
  const slope = isFlat ? (ye - ys) / across : (xe - xs) / down;
  const left = Math.max(0, Math.ceil((Math.min(x0, x1) - 2) / STEPS));
  const right = Math.min(width - 1, Math.floor((Math.max(x0, x1) - 3) / STEPS));
  for (let column = left; column <= right; column++) {
    const before = STEPS * column + 2; // the outline goes from this fine x to the next one, or back
    let y: number;
    if (isFlat) {
      const at = before - xs;
      y = Math.min(Math.trunc(ys + slope * at + 0.5), Math.trunc(ys + slope * (at + 1) + 0.5));
    } else y = ys + stepOf(xs, slope, slope > 0 ? before + 1 : before, down) - 1;
    flips.push(column * height + Math.ceil(Math.min(height, Math.max(0, (y + 0.5) / STEPS - 0.5))));
  }
}

/**
 * The first step at which a steep edge, which starts at xs, has reached the fine x given, seen in the direction of its
 * slope.
 */
function stepOf(xs: number, slope: number, x: number, steps: number): number {
  const hasReached = (step: number) => {
    const at = Math.trunc(xs + slope * step + 0.5);
    return slope > 0 ? at >= x : at <= x;
  };
  let step = Math.min(steps, Math.max(1, Math.round((x - xs - 0.5) / slope)));
  while (step > 1 && hasReached(step - 1)) step--;
  while (step < steps && !hasReached(step)) step++;
  return step;
}

/** The inside of a polygon by its flips: stretches of pixels that lie columns first, `from` included, `to` not. */
export function eachRun(flips: Int32Array, pixels: number, tell: (from: number, to: number) => void): void {
  for (let i = 0; i < flips.length; i += 2) tell(flips[i], i + 1 < flips.length ? flips[i + 1] : pixels);
}
