import type { DenseDataset } from '../dataset/dataset.ts';
import type { Reading } from '../engine/engine.ts';
import { iouOf } from '../labelling/iou/iou.ts';
import { type KeepScore, keepUsual } from '../math/segmentation/score.ts';
import { maskBounds } from '../math/segmentation/threshold.ts';
import { byThreshold, TOP_IMAGES } from '../math/segmentation/top-images.ts';
import type { UnitRecord } from '../write/record.ts';
import type { LayerNumbers } from './numbers.ts';
import { subjectOf } from './subject.ts';

/**
 * A reading's numbers at one tau as what the store keeps, unit after unit; scores are made as they are taken.
 *
 * A turned reading leaves out its top images, and of the scores all but the best of each category: an experiment holds
 * many of them.
 *
 * @param alsoKept per unit, concepts whose scores are kept in any case (see `labelsAtAnyTau`)
 */
export function* unitRecords(
  numbers: LayerNumbers,
  dense: DenseDataset,
  alsoKept: readonly ReadonlySet<number | null>[],
): Iterable<UnitRecord> {
  const { layer, thresholds, parts, top } = numbers;
  const cells = layer.grid.height * layer.grid.width;
  const observed = { subject: subjectOf(layer, dense), part: parts.iou, labels: numbers };
  const { categories } = dense;
  const bounds = maskBounds(thresholds);
  const isTurned = hasTurned(layer);
  for (let unit = 0; unit < layer.units; unit++) {
    const scored = iouOf(observed, unit, keptScores(layer, alsoKept[unit]));
    const first = unit * TOP_IMAGES;
    yield {
      index: unit,
      threshold: thresholds.values[unit],
      silent: thresholds.silent[unit] === 1,
      maxActivation: top.maxima[first],
      label: scored.label,
      iou: scored.iou,
      scores: scored.scores,
      categories: scored.categories.map((one) => ({ ...one, category: categories[one.category] })),
      topImages: (isTurned ? [] : byThreshold(top, unit, bounds[unit])).map((rank) => ({
        image: top.images[first + rank],
        maxActivation: top.maxima[first + rank],
        map: top.maps.subarray((first + rank) * cells, (first + rank + 1) * cells),
      })),
    };
  }
}

const hasTurned = ({ rotation }: Reading): boolean => rotation !== undefined;

/** Which of a unit's scores are stored. @param also concepts whose scores are in any case */
export const keptScores = (layer: Reading, also: ReadonlySet<number | null>): KeepScore =>
  hasTurned(layer) ? (_, place) => place === 0 : (score, place) => keepUsual(score, place) || also.has(score.concept);

/**
 * The labels that each unit has at any of several taus: what its curves of IoU against tau are drawn of. At a single
 * tau there is none to add.
 */
export function labelsAtAnyTau(ofTaus: readonly LayerNumbers[], dense: DenseDataset): Set<number | null>[] {
  const [{ layer }] = ofTaus;
  const subject = subjectOf(layer, dense);
  const several = ofTaus.length > 1 ? ofTaus : [];
  const labelOf = (numbers: LayerNumbers, unit: number) => iouOf({ subject, part: numbers.parts.iou, labels: numbers }, unit).label;
  return Array.from({ length: layer.units }, (_, unit) => new Set(several.map((numbers) => labelOf(numbers, unit))));
}
