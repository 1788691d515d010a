import type { ImageLabels } from '../../math/segmentation/labels.ts';
import { type KeepScore, scoreUnit, type UnitScores } from '../../math/segmentation/score.ts';
import { addTally, emptyTally, type Tally, tallyMask } from '../../math/segmentation/tally.ts';
import type { Labeller, Observed } from '../labeller.ts';

/** The paper's labels: each unit's mask against each concept by intersection over union (docs/definitions.md). */
export const iou = {
  masks: {
    empty: ({ units, conceptCategories, categories }) => emptyTally(units, conceptCategories.length, categories),
    watch(tally, subject) {
      const shape = { ...subject, concepts: subject.conceptCategories.length };
      let labels: ImageLabels;
      return {
        image: (seen) => {
          labels = seen;
        },
        mask: (unit, active, found) => tallyMask(tally, shape, labels, unit, active, found),
      };
    },
    merge: addTally,
  },
  needsActivity: false,
  needsConcepts: false,
  *finish(observed) {
    for (let unit = 0; unit < observed.subject.units; unit++) yield iouOf(observed, unit);
  },
} satisfies Labeller<Tally, UnitScores>;

/** One unit's scores. @param keep decides which are given; absent: the usual ones */
export function iouOf(
  { subject: { conceptCategories, categories }, part, labels }: Pick<Observed<Tally>, 'subject' | 'part' | 'labels'>,
  unit: number,
  keep?: KeepScore,
): UnitScores {
  return scoreUnit(part, unit, conceptCategories, categories, labels.pixels, keep);
}
