import type { Broden } from '../dataset/broden.ts';
import { readLabels } from '../dataset/labels.ts';
import type { Candidates } from '../dissect/candidates.ts';
import { distinctLabels } from '../dissect/labels.ts';
import { countLabels, type Tally, type TallyPlan, tallyImage } from '../dissect/tally.ts';

/** Label maps decoded at once, ahead of the tally. */
const LABELS_AHEAD = 16;

/** What is to be tallied of one layer: under each plan (a threshold each), into the tally beside it. */
export interface LayerTally {
  plans: readonly TallyPlan[];
  tallies: readonly Tally[];
}

/**
 * Tallies one chunk's images: labels are read once for all layers and thresholds.
 *
 * @param images of the chunk, in the order of its candidates
 * @param candidates one a layer, @param layers likewise
 * @param pixels |L_c|, added to; null where they are counted already
 */
export async function tallyChunk(
  broden: Broden,
  images: Uint32Array,
  candidates: readonly Candidates[],
  layers: readonly LayerTally[],
  pixels: Float64Array | null,
): Promise<void> {
  const next = new Uint32Array(layers.length);
  const reading: Promise<Awaited<ReturnType<typeof readLabels>>>[] = [];
  for (let i = 0; i < images.length; i++) {
    while (reading.length < LABELS_AHEAD && i + reading.length < images.length) {
      const labels = readLabels(broden, broden.rows[images[i + reading.length]]);
      labels.catch(() => {}); // reported where it is awaited
      reading.push(labels);
    }
    const labels = distinctLabels(await (reading.shift() as (typeof reading)[0]));
    if (pixels) countLabels(pixels, labels);
    for (const [layer, { plans, tallies }] of layers.entries()) {
      const kept = candidates[layer];
      const from = next[layer];
      let to = from;
      while (to < kept.count && kept.images[to] === images[i]) to++;
      next[layer] = to;
      for (const [p, plan] of plans.entries()) tallyImage(tallies[p], plan, labels, kept, from, to);
    }
  }
}
