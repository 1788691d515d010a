import { emptyDomain, type GatheredDomain, mergeDomain, signaturesOf, watchSignatures } from '../../math/formulas/collect-signatures.ts';
import { countsOf } from '../../math/formulas/count-table.ts';
import { prepareDomain } from '../../math/formulas/domain.ts';
import { type Found, type SearchResult, searchFormulas } from '../../math/formulas/search.ts';
import type { LabelRecord } from '../../write/record.ts';
import type { Labeller, Subject } from '../labeller.ts';

/** Images that a formula must be true in to be a label. */
const MINIMUM_IMAGES = 30;

interface FormulaPart {
  domains: GatheredDomain[];
}

/**
 * Formulas of up to three concepts of one category by IoU over the images labelled in it, proven best (Mu and Andreas
 * 2020; docs/definitions.md). A unit's labels are the best formula, and the shorter ones that it strictly beats.
 */
export const formula = {
  masks: {
    empty: ({ conceptCategories, categories }: Subject) => ({
      domains: Array.from({ length: categories }, (_, category) => emptyDomain([category], conceptCategories)),
    }),
    watch({ domains }) {
      const watchers = domains.map(watchSignatures);
      return {
        image: (labels, _, index) => {
          for (const one of watchers) one.image(labels, index);
        },
        mask: (unit, active, found) => {
          for (const one of watchers) one.mask(unit, active, found);
        },
      };
    },
    merge(sum, part) {
      for (const [i, domain] of sum.domains.entries()) mergeDomain(domain, part.domains[i]);
    },
  },
  needsActivity: false,
  needsConcepts: false,
  *finish({ subject, part }) {
    // A concept that is labelled pixel by pixel is not for one value an image.
    const searches = subject.wholeImagesOnly ? [] : part.domains.map((domain) => searchesOf(domain, subject));
    for (let unit = 0; unit < subject.units; unit++) {
      const labels = searches.flatMap((search) => search(unit));
      yield { labels: bestOf(labels), scores: [] };
    }
  },
} satisfies Labeller<FormulaPart>;

/** A formula found over a domain, with what it is shown beside. */
interface Candidate {
  found: Found;
  record: LabelRecord;
}

/** Searches a domain for one unit after the other. */
function searchesOf(gathered: GatheredDomain, { units, conceptNames }: Subject): (unit: number) => Candidate[] {
  const domain = prepareDomain(signaturesOf(gathered));
  const inMask = Array.from({ length: units }, (): [number, number][] => []);
  for (const [unit, signature, count] of countsOf(gathered.inMask)) inMask[unit].push([signature, count]);
  const masks = new Float64Array(domain.signatures);
  return (unit) => {
    masks.fill(0);
    for (const [signature, count] of inMask[unit]) masks[signature] = count;
    const result = searchFormulas(domain, masks, { minimumImages: MINIMUM_IMAGES });
    return result.best.flatMap((found) =>
      found ? [{ found, record: recordOf(found, gathered, domain.images, result, conceptNames) }] : [],
    );
  };
}

function recordOf(
  found: Found,
  { concepts }: GatheredDomain,
  domainImages: number,
  { best, visited }: SearchResult,
  names: readonly string[],
): LabelRecord {
  const single = best[0] as Found;
  return {
    text: written(
      found.concepts.map((place) => names[concepts[place]]),
      found.operators,
    ),
    concepts: found.concepts.map((place) => concepts[place]),
    operators: found.operators,
    score: found.intersection / found.union,
    standardError: null,
    intersection: found.intersection,
    union: found.union,
    images: found.images,
    proven: true,
    details: {
      domainImages,
      tied: found.tied,
      visited,
      single: { concept: concepts[single.concepts[0]], intersection: single.intersection, union: single.union },
    },
  };
}

/** `a`, `a OR b`, `(a OR b) AND NOT c`. */
function written(names: readonly string[], operators: readonly string[]): string {
  const [first, ...rest] = names;
  return rest.reduce((text, name, i) => `${i > 0 ? `(${text})` : text} ${operators[i]} ${name}`, first);
}

/**
 * The best formula and the shorter ones that it beats, best first: of equal IoU the shorter, then the one that is
 * written first.
 */
function bestOf(candidates: readonly Candidate[]): LabelRecord[] {
  const sorted = [...candidates].sort(
    (a, b) => b.record.score - a.record.score || a.record.concepts.length - b.record.concepts.length || compare(a.record, b.record),
  );
  const kept: LabelRecord[] = [];
  for (const { record } of sorted) if (kept.every((one) => one.concepts.length > record.concepts.length)) kept.push(record);
  return kept;
}

const compare = (a: LabelRecord, b: LabelRecord) => {
  for (const [i, concept] of a.concepts.entries()) if (concept !== b.concepts[i]) return concept - b.concepts[i];
  return 0;
};
