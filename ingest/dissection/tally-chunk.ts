import { placeImage, type Size } from '../../core/placement.ts';
import type { Resize } from '../../prisma/generated/enums.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import type { Subject } from '../labelling/labeller.ts';
import { emptyParts, type Parts, watchersOf } from '../labelling/parts.ts';
import { countImage, emptyLabelCounts, type LabelCounts } from '../math/labels/label-counts.ts';
import type { Candidates } from '../math/segmentation/candidates.ts';
import { distinctLabels } from '../math/segmentation/labels.ts';
import { labelsInView, viewMask } from '../math/segmentation/mask-view.ts';
import { eachMask, type MaskPlan } from '../math/segmentation/masks.ts';
import { conceptsOf, type ListedConcepts } from './concept-lists.ts';

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
  /** Whether the concepts of each image are listed. */
  withConcepts: boolean;
}

export interface ChunkTally {
  /** `[layer][tau]` */
  parts: Parts[][];
  counts: LabelCounts;
  /** null where they were not asked for. */
  listed: ListedConcepts | null;
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
  { input, resize, withConcepts }: ChunkPlan,
): Promise<ChunkTally> {
  const parts = layers.map(({ subject, bounds }) => bounds.map(() => emptyParts(subject)));
  const watchers = layers.map(({ subject }, layer) => parts[layer].map((one) => watchersOf(one, subject)));
  const { concepts, categories } = dataset;
  const counts = emptyLabelCounts(concepts.length, categories.length);
  const ofImage = new Float64Array(concepts.length);
  const listed: ListedConcepts | null = withConcepts ? { lists: [], present: [] } : null;
  const has = new Uint8Array(concepts.length);
  const next = new Uint32Array(candidates.length);
  for (const index of rows) {
    const row = dataset.rows[index];
    const read = await dataset.readLabels(row);
    const view = viewMask(placeImage(resize, row, input), input, read);
    const labels = distinctLabels(labelsInView(read, view));
    const seen = countImage(counts, labels, ofImage);
    listed?.lists.push(conceptsOf(read, has));
    listed?.present.push(read.present);
    for (const [layer, kept] of candidates.entries()) {
      const from = next[layer];
      let to = from;
      while (to < kept.count && kept.images[to] === index) to++;
      next[layer] = to;
      const { grid, surfaces, bounds } = layers[layer];
      for (const [tau, watching] of watchers[layer].entries()) {
        for (const one of watching) one.image(labels, seen, index);
        eachMask({ grid, surfaces, bounds: bounds[tau] }, labels, view.placement, kept, from, to, (unit, active, found) => {
          for (const one of watching) one.mask(unit, active, found);
        });
      }
    }
  }
  return { parts, counts, listed };
}
