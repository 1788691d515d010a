import type { Broden, Row } from '../dataset/broden.ts';
import { readLabels } from '../dataset/labels.ts';
import type { Candidates } from '../dissect/candidates.ts';
import { distinctLabels } from '../dissect/labels.ts';
import { countLabels, emptyTally, type Tally, type TallyPlan, tallyImage } from '../dissect/tally.ts';

/** Label maps decoded at once, ahead of the tally. */
const LABELS_AHEAD = 16;

/** What a dataset's rows are read with. */
export type LabelSource = Omit<Broden, 'rows' | 'sha256'>;

export interface ChunkTally {
  /** `[layer][plan]` */
  tallies: Tally[][];
  /** |L_c| over the chunk, one a concept. */
  pixels: Float64Array;
}

/**
 * Tallies one chunk: its labels are read once for all layers and thresholds.
 *
 * @param rows of the chunk, in the order of its candidates
 * @param candidates of the chunk, one a layer
 * @param plans `[layer][threshold]`
 */
export async function tallyChunk(
  source: LabelSource,
  rows: readonly Row[],
  candidates: readonly Candidates[],
  plans: readonly (readonly TallyPlan[])[],
): Promise<ChunkTally> {
  const tallies = plans.map((ofLayer) =>
    ofLayer.map(({ bounds, concepts, categories }) => emptyTally(bounds.length, concepts, categories)),
  );
  const pixels = new Float64Array(source.concepts.length);
  const next = new Uint32Array(candidates.length);
  const reading: ReturnType<typeof readLabels>[] = [];
  for (const [i, row] of rows.entries()) {
    for (let ahead = i + reading.length; ahead < Math.min(i + LABELS_AHEAD, rows.length); ahead++) {
      const labels = readLabels(source, rows[ahead]);
      labels.catch(() => {}); // reported where it is awaited
      reading.push(labels);
    }
    const labels = distinctLabels(await (reading.shift() as (typeof reading)[0]));
    countLabels(pixels, labels);
    for (const [layer, kept] of candidates.entries()) {
      const from = next[layer];
      let to = from;
      while (to < kept.count && kept.images[to] === row.index) to++;
      next[layer] = to;
      for (const [p, plan] of plans[layer].entries()) tallyImage(tallies[layer][p], plan, labels, kept, from, to);
    }
  }
  return { tallies, pixels };
}
