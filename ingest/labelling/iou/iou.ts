import { addImage, type ErrorSums, emptyErrorSums, iouError } from '../../math/labels/iou-errors.ts';
import type { SeenConcepts } from '../../math/labels/label-counts.ts';
import type { ImageLabels } from '../../math/segmentation/labels.ts';
import { type KeepScore, type Score, scoreUnit, type UnitScores } from '../../math/segmentation/score.ts';
import { addTally, addTo, emptyTally, type Tally, tallyMask } from '../../math/segmentation/tally.ts';
import type { LabelRecord } from '../../write/record.ts';
import type { Labeller, MaskWatcher, Observed, Subject } from '../labeller.ts';

/** Counts of pixels, and what standard errors are made of where they are asked for. */
export interface IouPart extends Tally {
  errors: ErrorSums | null;
}

/**
 * The paper's labels: each unit's mask against each concept by intersection over union, with its standard error
 * (docs/definitions.md).
 */
export const iou = {
  masks: {
    empty({ units, conceptCategories, categories, methods }): IouPart {
      const errors = methods.includes('iou') ? emptyErrorSums(units, conceptCategories.length, categories) : null;
      return { ...emptyTally(units, conceptCategories.length, categories), errors };
    },
    watch: (part, subject) => (part.errors ? watchErrors(part, part.errors, subject) : watchCounts(part, subject)),
    merge(sum, part) {
      addTally(sum, part);
      if (!sum.errors || !part.errors) return;
      for (const name of ['intersections', 'products', 'unions', 'activated'] as const) addTo(sum.errors[name], part.errors[name]);
    },
  },
  needsActivity: false,
  needsConcepts: false,
  *finish(observed) {
    for (let unit = 0; unit < observed.subject.units; unit++) {
      const kept = new Set(observed.kept(unit));
      const { scores, categories } = iouOf(observed, unit, ({ concept }, place) => place === 0 || kept.has(concept));
      const best = new Set(categories.map((category) => category.best));
      const labels = scores.filter(({ concept, intersection }) => best.has(concept) && intersection > 0);
      yield {
        labels: labels.sort((a, b) => b.iou - a.iou || a.concept - b.concept).map((score) => labelOf(observed, score)),
        scores: scores
          .filter(({ concept }) => kept.has(concept))
          .map(({ concept, iou: score, standardError }) => ({ concept, score, standardError })),
      };
    }
  },
} satisfies Labeller<IouPart>;

type DoubtedScore = Score & { standardError: number | null };
type Counted = Pick<Observed<IouPart>, 'subject' | 'part' | 'labels'>;

/** One unit's scores. @param keep decides which are given; absent: the usual ones */
export function iouOf(
  { subject, part, labels }: Counted,
  unit: number,
  keep?: KeepScore,
): Omit<UnitScores, 'scores'> & { scores: DoubtedScore[] } {
  const { conceptCategories, categories } = subject;
  const scored = scoreUnit(part, unit, conceptCategories, categories, labels.pixels, keep);
  return {
    ...scored,
    scores: scored.scores.map((score) => ({ ...score, standardError: errorOf({ subject, part, labels }, unit, score) })),
  };
}

function errorOf({ subject, part: { errors }, labels }: Counted, unit: number, { concept, intersection, union }: Score): number | null {
  if (!errors) return null;
  const category = subject.conceptCategories[concept];
  const at = unit * subject.conceptCategories.length + concept;
  const squares = {
    intersections: errors.intersections[at],
    products: errors.products[at],
    unions: errors.unions[at] + errors.activated[unit * subject.categories + category] + labels.squares[concept],
  };
  return iouError({ images: labels.labelled[category], intersection, union, squares });
}

function labelOf({ subject, labels }: Observed<IouPart>, { concept, iou: score, ...rest }: DoubtedScore): LabelRecord {
  const { standardError, intersection, union } = rest;
  const images = labels.positives[concept];
  return {
    ...{ text: subject.conceptNames[concept], concepts: [concept], operators: [] },
    ...{ score, standardError, intersection, union, images },
    ...{ proven: null, details: null },
  };
}

function watchCounts(part: Tally, subject: Subject): MaskWatcher {
  const shape = { ...subject, concepts: subject.conceptCategories.length };
  let labels: ImageLabels;
  return {
    image: (seen) => {
      labels = seen;
    },
    mask: (unit, active, found) => tallyMask(part, shape, labels, unit, active, found),
  };
}

/** Counts each image apart first, as the squares of its counts are needed. */
function watchErrors(part: Tally, errors: ErrorSums, subject: Subject): MaskWatcher {
  const { conceptCategories, categories } = subject;
  const concepts = conceptCategories.length;
  const shape = { ...subject, concepts };
  const own = emptyTally(1, concepts, categories);
  let labels: ImageLabels;
  let seen: SeenConcepts;
  return {
    image(shown, counted) {
      labels = shown;
      seen = counted;
    },
    mask(unit, active, found) {
      own.intersections.fill(0);
      own.activated.fill(0);
      tallyMask(own, shape, labels, 0, active, found);
      for (let k = 0; k < categories; k++) {
        part.activated[unit * categories + k] += own.activated[k];
        errors.activated[unit * categories + k] += own.activated[k] ** 2;
      }
      part.intersections[unit * (concepts + 1)] += own.intersections[0];
      for (const concept of seen.concepts) {
        const intersection = own.intersections[concept + 1];
        part.intersections[unit * (concepts + 1) + concept + 1] += intersection;
        addImage(errors, unit * concepts + concept, intersection, own.activated[conceptCategories[concept]], seen.pixels[concept]);
      }
    },
  };
}
