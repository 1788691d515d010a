import { placeImage, type Size } from '../../core/placement.ts';
import type { Resize } from '../../prisma/generated/enums.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import type { Subject } from '../labelling/labeller.ts';
import type { Method } from '../labelling/labellers.ts';
import { emptyParts, type Parts, watchersOf } from '../labelling/parts.ts';
import type { Candidates } from '../math/segmentation/candidates.ts';
import { distinctLabels } from '../math/segmentation/labels.ts';
import { labelsInView, viewMask } from '../math/segmentation/mask-view.ts';
import { eachMask, type MaskPlan } from '../math/segmentation/masks.ts';
import { countLabels } from '../math/segmentation/tally.ts';

/** A layer whose masks are looked at. */
export interface LayerPlan extends Pick<MaskPlan, 'grid' | 'surfaces'> {
  subject: Subject;
  /** One a tau; as of `MaskPlan`. */
  bounds: readonly Float64Array[];
}

/** What all layers of a network share. */
export interface ChunkPlan {
  /** The network's, in pixels. */
  input: Size;
  resize: Resize;
  methods: readonly Method[];
}

export interface ChunkTally {
  /** `[layer][tau]` */
  parts: Parts[][];
  /** |L_c| over the chunk, one a concept. */
  pixels: Float64Array;
}

/**
 * Shows one chunk's masks to the labelling methods: its labels are read once for all layers, thresholds and methods.
 *
 * @param rows indices of the chunk's, in the order of its candidates
 * @param candidates of the chunk, one a layer
 */
export async function tallyChunk(
  dataset: DenseDataset,
  rows: readonly number[],
  candidates: readonly Candidates[],
  layers: readonly LayerPlan[],
  { input, resize, methods }: ChunkPlan,
): Promise<ChunkTally> {
  const parts = layers.map(({ subject, bounds }) => bounds.map(() => emptyParts(methods, subject)));
  const watchers = layers.map(({ subject }, layer) => parts[layer].map((one) => watchersOf(one, subject)));
  const pixels = new Float64Array(dataset.concepts.length);
  const next = new Uint32Array(candidates.length);
  for (const index of rows) {
    const row = dataset.rows[index];
    const read = await dataset.readLabels(row);
    const view = viewMask(placeImage(resize, row, input), input, read);
    const labels = distinctLabels(labelsInView(read, view));
    countLabels(pixels, labels);
    for (const [layer, kept] of candidates.entries()) {
      const from = next[layer];
      let to = from;
      while (to < kept.count && kept.images[to] === index) to++;
      next[layer] = to;
      const { grid, surfaces, bounds } = layers[layer];
      for (const [tau, watching] of watchers[layer].entries()) {
        for (const one of watching) one.image(labels);
        eachMask({ grid, surfaces, bounds: bounds[tau] }, labels, view.placement, kept, from, to, (unit, active, found) => {
          for (const one of watching) one.mask(unit, active, found);
        });
      }
    }
  }
  return { parts, pixels };
}
