/** Pixels of a block that a processor's nearest memory holds, along each side. */
const BLOCK = 32;

/** Pixels that lie columns first, laid rows first. @param first,end columns; all others are 0 */
export function turnColumns(columns: Uint16Array, height: number, width: number, first = 0, end = width): Uint16Array {
  const rows = new Uint16Array(height * width);
  for (let top = 0; top < height; top += BLOCK) {
    const bottom = Math.min(height, top + BLOCK);
    for (let left = first; left < end; left += BLOCK) {
      const right = Math.min(end, left + BLOCK);
      for (let y = top; y < bottom; y++) {
        for (let x = left, from = left * height + y, to = y * width + left; x < right; x++, from += height) rows[to++] = columns[from];
      }
    }
  }
  return rows;
}
