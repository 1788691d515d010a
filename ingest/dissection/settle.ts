import type { Merged } from '../math/segmentation/merge.ts';
import type { Parts } from '../math/segmentation/select.ts';
import { maskBounds, type Thresholds, thresholds } from '../math/segmentation/threshold.ts';

/** A layer after a round of the pass. */
export interface SettledLayer {
  /** Units whose thresholds are known now at every tau. */
  units: number[];
  /** Units whose marks were too high at one of the taus: all is to be found with lower ones in the next round. */
  open: number[];
  /** One a tau; only the settled units' mean something. */
  thresholds: Pick<Thresholds, 'values' | 'silent'>[];
  /** One a tau: what the masks of the settled units begin at, Infinity for all others, whose masks stay empty in this round. */
  bounds: Float64Array[];
}

/**
 * Finds the thresholds of those open units whose marks were low enough.
 *
 * @param parts all candidates of the layer
 * @param values a unit's number of values over the dataset
 * @param open units that no round before has settled
 */
export async function settleLayer(
  parts: Parts,
  { marks, minima }: Merged,
  values: number,
  taus: readonly number[],
  open: readonly number[],
): Promise<SettledLayer> {
  const found: Thresholds[] = [];
  for (const tau of taus) found.push(await thresholds(parts, marks, minima, values, tau));
  const failed = new Set(found.flatMap((one) => one.open));
  const units = open.filter((k) => !failed.has(k));
  return {
    units,
    open: open.filter((k) => failed.has(k)),
    thresholds: found.map(({ values: own, silent }) => ({ values: own, silent })),
    bounds: found.map((one) => {
      const all = maskBounds(one);
      const bounds = new Float64Array(marks.length).fill(Infinity);
      for (const k of units) bounds[k] = all[k];
      return bounds;
    }),
  };
}
