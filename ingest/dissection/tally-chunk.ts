import { placeImage } from '../../core/placement.ts';
import type { Resize } from '../../prisma/generated/enums.ts';
import type { Broden, Row } from '../dataset/broden.ts';
import { readLabels } from '../dataset/labels.ts';
import type { Candidates } from '../math/segmentation/candidates.ts';
import { distinctLabels } from '../math/segmentation/labels.ts';
import { labelsInView, viewMask } from '../math/segmentation/mask-view.ts';
import { countLabels, emptyTally, type Tally, type TallyPlan, tallyImage } from '../math/segmentation/tally.ts';

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
 * @param plans `[layer][threshold]`, of one network
 */
export async function tallyChunk(
  source: LabelSource,
  rows: readonly Row[],
  candidates: readonly Candidates[],
  plans: readonly (readonly TallyPlan[])[],
  resize: Resize = 'STRETCH',
): Promise<ChunkTally> {
  const tallies = plans.map((ofLayer) =>
    ofLayer.map(({ bounds, concepts, categories }) => emptyTally(bounds.length, concepts, categories)),
  );
  const [{ inputHeight, inputWidth }] = plans.flat();
  const input = { height: inputHeight, width: inputWidth };
  const pixels = new Float64Array(source.concepts.length);
  const next = new Uint32Array(candidates.length);
  for (const row of rows) {
    const read = await readLabels(source, row);
    const view = viewMask(placeImage(resize, row, input), input, read);
    const labels = distinctLabels(labelsInView(read, view));
    countLabels(pixels, labels);
    for (const [layer, kept] of candidates.entries()) {
      const from = next[layer];
      let to = from;
      while (to < kept.count && kept.images[to] === row.index) to++;
      next[layer] = to;
      for (const [p, plan] of plans[layer].entries()) tallyImage(tallies[layer][p], plan, labels, kept, from, to, view.placement);
    }
  }
  return { tallies, pixels };
}
