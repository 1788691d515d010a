import { raisedMarks } from './marks.ts';
import type { Batch } from './scan.ts';
import type { MapValues } from './select.ts';

/** Marks are raised whenever twice as many images have been seen, from the first to the last of these numbers. */
const FIRST = 32;
const LAST = 2048;
/** Cells of a map that are enough to put a mark: what varies are images. */
const CELLS = 128;

/** The first images of a pass as far as marks are put by them: some cells of each map, those above the unit's mark. */
export interface Sample {
  /** One a unit; grows as images are seen, never falls. */
  marks(): Float32Array;
  /** @param minima each unit's minimum over all images seen, these included */
  add(batch: Batch, minima: Float32Array): Promise<void>;
}

/**
 * @param cells of a map, @param marks to start from: -Infinity keeps every map, Infinity none
 * @param tau the largest that will be asked for
 * @param safety how much further below the expected threshold marks are put; Infinity leaves them where they are
 */
export function startSample(cells: number, startMarks: Float32Array, tau: number, safety: number): Sample {
  const units = startMarks.length;
  const step = Math.max(1, Math.floor(cells / CELLS));
  const each = Math.ceil(cells / step);
  let marks = startMarks;
  let images = 0;
  let raiseAt = FIRST;
  let parts: MapValues[] = [];
  return {
    marks: () => marks,
    async add(batch, minima) {
      if (images >= LAST || safety === Infinity) return;
      images += batch.images.length;
      parts.push(cellsAbove(everyMap(batch, units, cells, step), marks));
      if (images < raiseAt) return;
      marks = await raisedMarks(() => parts, marks, minima, images, each, tau, safety);
      parts = images < LAST ? parts.map((part) => cellsAbove(part, marks)) : [];
      while (raiseAt <= images) raiseAt *= 2;
    },
  };
}

/** Some cells, evenly spread, of every map of a batch. */
function everyMap({ images, activations }: Batch, units: number, cells: number, step: number): MapValues {
  const each = Math.ceil(cells / step);
  const count = images.length * units;
  const values = new Float32Array(count * each);
  for (let map = 0, to = 0; map < count; map++) {
    for (let cell = 0; cell < cells; cell += step) values[to++] = activations[map * cells + cell];
  }
  return {
    count,
    units: Uint32Array.from({ length: count }, (_, map) => map % units),
    starts: Uint32Array.from({ length: count + 1 }, (_, map) => map * each),
    values,
  };
}

function cellsAbove(part: MapValues, marks: Float32Array): MapValues {
  const units = new Uint32Array(part.count);
  const starts = new Uint32Array(part.count + 1);
  const values = new Float32Array(part.starts[part.count]);
  let count = 0;
  let end = 0;
  for (let i = 0; i < part.count; i++) {
    const mark = marks[part.units[i]];
    for (let j = part.starts[i]; j < part.starts[i + 1]; j++) if (part.values[j] > mark) values[end++] = part.values[j];
    if (end === starts[count]) continue;
    units[count++] = part.units[i];
    starts[count] = end;
  }
  return { count, units: units.slice(0, count), starts: starts.slice(0, count + 1), values: values.slice(0, end) };
}
