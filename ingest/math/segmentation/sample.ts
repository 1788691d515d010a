import { raisedMarks } from './marks.ts';
import type { Batch } from './scan.ts';
import type { MapValues } from './select.ts';

/** Marks are raised whenever twice as many images have been seen, from the first to the last of these numbers. */
const FIRST = 32;
export const SAMPLE_IMAGES = 2048;
/** Cells of a map that are enough to put a mark: what varies are images. */
const CELLS = 128;

/** The first images of a pass as far as marks are put by them: some cells of each map, those above the unit's mark. */
export interface Sample {
  /** One a unit; grows as images are seen, never falls. */
  marks(): Float32Array;
  /**
   * @param maxima of the batch's maps, as `scan` gives them,
   * @param minima each unit's minimum over all images seen, these included
   */
  add(batch: Batch, maxima: Float32Array, minima: Float32Array): Promise<void>;
}

/**
 * @param cells of a map, @param marks to start from: -Infinity keeps every map, Infinity none
 * @param tau the largest that will be asked for
 * @param safety how much further below the expected threshold marks are put; Infinity leaves them where they are
 */
export function startSample(cells: number, startMarks: Float32Array, tau: number, safety: number): Sample {
  const step = Math.max(1, Math.floor(cells / CELLS));
  let marks = startMarks;
  let images = 0;
  let raiseAt = FIRST;
  let parts: MapValues[] = [];
  return {
    marks: () => marks,
    async add(batch, maxima, minima) {
      if (images >= SAMPLE_IMAGES || safety === Infinity) return;
      parts.push(sampleBatch(batch, maxima, marks, cells, step, images));
      images += batch.images.length;
      if (images < raiseAt) return;
      // Twice: what is above the marks of the first time tells better in what bursts the units fire
      for (let time = 0; time < 2; time++) {
        marks = await raisedMarks(() => parts, marks, minima, (images * cells) / step, tau, safety);
        parts = parts.map((part) => cellsAbove(part, marks));
      }
      if (images >= SAMPLE_IMAGES) parts = [];
      while (raiseAt <= images) raiseAt *= 2;
    },
  };
}

/**
 * Of every `step`-th cell of each map of a batch those above the unit's mark; most maps have none, which their maximum
 * tells. From image to image it begins a cell later: a unit may fire at the same cell of all of them, such as a corner.
 */
function sampleBatch(
  { images, activations }: Batch,
  maxima: Float32Array,
  marks: Float32Array,
  cells: number,
  step: number,
  imagesBefore: number,
): MapValues {
  const unitCount = marks.length;
  const maps = images.length * unitCount;
  let open = 0;
  for (let map = 0; map < maps; map++) if (maxima[map] > marks[map % unitCount]) open++;
  const units = new Uint32Array(open);
  const starts = new Uint32Array(open + 1);
  const values = new Float32Array(open * Math.ceil(cells / step));
  let count = 0;
  let end = 0;
  for (let map = 0; map < maps; map++) {
    const unit = map % unitCount;
    const mark = marks[unit];
    if (!(maxima[map] > mark)) continue;
    const first = (imagesBefore + ((map / unitCount) | 0)) % step;
    for (let at = map * cells + first; at < (map + 1) * cells; at += step) if (activations[at] > mark) values[end++] = activations[at];
    units[count++] = unit;
    starts[count] = end;
  }
  return { count, units, starts, values: values.slice(0, end) };
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
