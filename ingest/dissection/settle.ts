import { emptyMerged, type Merged, mergeInto } from '../math/segmentation/merge.ts';
import type { Parts } from '../math/segmentation/select.ts';
import { maskBounds, type Thresholds, thresholds } from '../math/segmentation/threshold.ts';
import type { Work } from './left.ts';

/** A layer after a round of the pass. */
export interface SettledLayer {
  /** Units whose thresholds are known now at every tau. */
  units: number[];
  /** Units whose marks were too high at one of the taus: all is to be found with lower ones in the next round. */
  open: number[];
  /** One a tau; only the settled units' mean something. */
  thresholds: Pick<Thresholds, 'values' | 'silent'>[];
  /**
   * One a tau: what the masks of the settled units begin at, Infinity for all others, whose masks stay empty in this
   * round.
   */
  bounds: Float64Array[];
}

/** Finds the thresholds over all shards, layer by layer, and leaves `settled/L` of each. */
export async function settleRound({ plan, left }: Work, round: number): Promise<void> {
  for (const [layer, { units, grid }] of plan.layers.entries()) {
    const merged = emptyMerged(units);
    for (const shard of plan.shards.keys()) mergeInto(merged, await left.of<Merged>({ step: 'PASS', round, shard }, `range/${layer}`));
    const values = plan.images * grid.height * grid.width;
    const settled = await settleLayer(
      await left.values(round, layer),
      merged,
      values,
      plan.taus,
      await openUnits({ plan, left }, round, layer),
    );
    await left.keep({ step: 'THRESHOLDS', round, shard: 0 }, `settled/${layer}`, settled);
  }
}

/** Units of a layer that no round before this one has settled. */
async function openUnits({ plan, left }: Pick<Work, 'plan' | 'left'>, round: number, layer: number): Promise<number[]> {
  if (round === 0) return Array.from({ length: plan.layers[layer].units }, (_, k) => k);
  return (await left.of<SettledLayer>({ step: 'THRESHOLDS', round: round - 1, shard: 0 }, `settled/${layer}`)).open;
}

/** Whether all units are settled after a round; where not, it takes another. */
export async function isSettled(work: Pick<Work, 'plan' | 'left'>, round: number): Promise<boolean> {
  const open = await Promise.all(work.plan.layers.map((_, layer) => openUnits(work, round + 1, layer)));
  return open.every((units) => units.length === 0);
}

/**
 * Finds the thresholds of those open units whose marks were low enough.
 *
 * @param parts all candidates of the layer
 * @param values a unit's number of values over the dataset
 * @param open units that no round before has settled
 */
async function settleLayer(
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
