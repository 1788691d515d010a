/**
 * What is kept of the forward pass: of each map that exceeds its unit's mark, the cells above the mark and their
 * neighbours, which is all that thresholds and masks can depend on as long as the threshold lies above the mark.
 */
export interface Candidates {
  /** Kept maps, in the order of the images. */
  count: number;
  /** Index in the dataset, one a map. */
  images: Uint32Array;
  /** One a map. */
  units: Uint32Array;
  /** Map i holds cells `starts[i]` to `starts[i + 1]`. */
  starts: Uint32Array;
  /** Cell of the map, rows then columns, ascending within a map; 16 bits where they suffice. */
  cells: Uint16Array | Uint32Array;
  values: Float32Array;
}

/** @param area cells of a map */
export function emptyCandidates(area: number): Candidates {
  const Cells = area <= 65536 ? Uint16Array : Uint32Array;
  return {
    count: 0,
    images: new Uint32Array(256),
    units: new Uint32Array(256),
    starts: new Uint32Array(257),
    cells: new Cells(4096),
    values: new Float32Array(4096),
  };
}

/** Cuts the spare room off, for storing. */
export function trimmed(kept: Candidates): Candidates {
  const { count } = kept;
  const end = kept.starts[count];
  return {
    count,
    images: kept.images.slice(0, count),
    units: kept.units.slice(0, count),
    starts: kept.starts.slice(0, count + 1),
    cells: kept.cells.slice(0, end),
    values: kept.values.slice(0, end),
  };
}

export function byteLength(kept: Candidates): number {
  return kept.images.byteLength + kept.units.byteLength + kept.starts.byteLength + kept.cells.byteLength + kept.values.byteLength;
}

function grown<T extends Uint16Array | Uint32Array | Float32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

/**
 * Appends one map.
 *
 * @param map holds it from `at`, `height * width` values
 * @param mark values strictly above it are what is kept, with the eight cells around each: the corners of every
 * bilinear cell they touch
 * @param wanted `height * width` zeros of scratch, zero again afterwards
 */
function keep(
  kept: Candidates,
  image: number,
  unit: number,
  map: Float32Array,
  at: number,
  height: number,
  width: number,
  mark: number,
  wanted: Uint8Array,
): void {
  const area = height * width;
  let firstRow = height;
  let lastRow = 0;
  for (let row = 0, cell = 0; row < height; row++) {
    for (let column = 0; column < width; column++, cell++) {
      if (!(map[at + cell] > mark)) continue;
      if (row < firstRow) firstRow = row;
      lastRow = row;
      const left = column > 0 ? -1 : 0;
      const right = column < width - 1 ? 1 : 0;
      for (let r = row > 0 ? -width : 0; r <= (row < height - 1 ? width : 0); r += width) {
        for (let c = left; c <= right; c++) wanted[cell + r + c] = 1;
      }
    }
  }
  const { count } = kept;
  let end = kept.starts[count];
  kept.cells = grown(kept.cells, end + area);
  kept.values = grown(kept.values, end + area);
  const stop = Math.min(lastRow + 2, height) * width;
  for (let cell = Math.max(firstRow - 1, 0) * width; cell < stop; cell++) {
    if (wanted[cell] === 0) continue;
    wanted[cell] = 0;
    kept.cells[end] = cell;
    kept.values[end++] = map[at + cell] + 0; // + 0 turns -0 into 0, whose keys differ
  }
  kept.images = grown(kept.images, count + 1);
  kept.units = grown(kept.units, count + 1);
  kept.starts = grown(kept.starts, count + 2);
  kept.images[count] = image;
  kept.units[count] = unit;
  kept.starts[count + 1] = end;
  kept.count++;
}

/**
 * Appends those maps of a batch whose maximum exceeds the unit's mark.
 *
 * @param maxima as `scan` gives them
 * @param marks one a unit
 */
export function keepBatch(
  kept: Candidates,
  images: readonly number[],
  activations: Float32Array,
  maxima: Float32Array,
  marks: Float32Array,
  height: number,
  width: number,
): void {
  const units = marks.length;
  const area = height * width;
  const wanted = new Uint8Array(area);
  for (let i = 0, map = 0; i < images.length; i++) {
    for (let unit = 0; unit < units; unit++, map++) {
      if (maxima[map] > marks[unit]) keep(kept, images[i], unit, activations, map * area, height, width, marks[unit], wanted);
    }
  }
}
