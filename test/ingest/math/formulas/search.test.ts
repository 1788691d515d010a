import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyDomain,
  type GatheredDomain,
  mergeDomain,
  signaturesOf,
  watchSignatures,
} from '../../../../ingest/math/formulas/collect-signatures.ts';
import { countsOf } from '../../../../ingest/math/formulas/count-table.ts';
import { prepareDomain } from '../../../../ingest/math/formulas/domain.ts';
import { type Found, searchFormulas } from '../../../../ingest/math/formulas/search.ts';
import { comesBefore, type Formula, FUNCTIONS_OF_THREE, firstForm, OPERATORS } from '../../../../ingest/math/formulas/written-form.ts';

/** A picture: for each pixel its concepts, and whether it is in the mask; the categories that it is labelled in. */
interface Picture {
  pixels: readonly (readonly number[])[];
  mask: readonly boolean[];
  present: readonly number[];
}

const [DOG, CAT, WOOD, METAL] = [0, 1, 2, 3];
const CATEGORIES = [0, 0, 1, 1];

/** Objects are labelled in pictures 1 to 3, materials in 2 to 4. */
const PICTURES: readonly Picture[] = [
  picture([[DOG], [DOG], [], []], [3], [0]),
  picture([[DOG], [DOG, WOOD], [WOOD], []], [1], [0, 1]),
  picture([[DOG], [DOG], [METAL], [CAT]], [1, 2, 4], [0, 1]),
  picture([[WOOD], [], [], []], [1], [1]),
];

function picture(pixels: readonly (readonly number[])[], mask: readonly number[], present: readonly number[]): Picture {
  return { pixels, mask: pixels.map((_, p) => mask.includes(p + 1)), present };
}

function gather(domain: GatheredDomain, pictures: readonly Picture[], first = 0): GatheredDomain {
  const watcher = watchSignatures(domain);
  for (const [i, { pixels, mask, present }] of pictures.entries()) {
    const layers = Math.max(1, ...pixels.map((one) => one.length));
    const maps = Array.from({ length: layers }, (_, map) => Uint16Array.from(pixels, (one) => (one[map] ?? -1) + 1));
    watcher.image({ height: 1, width: pixels.length, present, whole: new Int32Array(0), maps, ignored: [] }, first + i);
    const active = Int32Array.from(mask.flatMap((on, p) => (on ? [p] : [])));
    if (active.length > 0) watcher.mask(0, active, active.length);
  }
  return domain;
}

function search(domain: GatheredDomain, minimumImages: number): readonly (Found | null)[] {
  const prepared = prepareDomain(signaturesOf(domain));
  const inMask = new Float64Array(prepared.signatures);
  for (const [, signature, count] of countsOf(domain.inMask)) inMask[signature] = count;
  return searchFormulas(prepared, inMask, { minimumImages }).best;
}

describe('written forms', () => {
  it('of three concepts stand for 23 functions, each written in its first form', () => {
    expect(FUNCTIONS_OF_THREE).toBe(23);
    expect(firstForm({ concepts: [9, 2, 5], operators: ['AND NOT', 'AND NOT'] })).toEqual({
      concepts: [9, 2, 5],
      operators: ['AND NOT', 'AND NOT'],
    });
    expect(firstForm({ concepts: [9, 5, 2], operators: ['OR', 'OR'] })).toEqual({ concepts: [2, 5, 9], operators: ['OR', 'OR'] });
  });
});

describe('the best formula', () => {
  it('is what it is by hand: a fixed domain of the images labelled in all of its categories', () => {
    const [one, two, three] = search(gather(emptyDomain([0, 1], CATEGORIES), PICTURES), 1);
    expect(one).toMatchObject({ concepts: [DOG], intersection: 3, union: 5, images: 2, tied: 1 });
    expect(two).toMatchObject({ concepts: [DOG, CAT], operators: ['OR'], intersection: 4, union: 5, images: 2 });
    expect(three).toMatchObject({ concepts: [DOG, CAT, WOOD], operators: ['OR', 'AND NOT'], intersection: 4, union: 4, images: 2 });
  });

  it('of one category has the domain of a single concept', () => {
    const [one, two, three] = search(gather(emptyDomain([0], CATEGORIES), PICTURES), 1);
    expect(one).toMatchObject({ concepts: [0], intersection: 3, union: 8 });
    expect(two).toMatchObject({ concepts: [0, 1], operators: ['OR'], intersection: 4, union: 8 });
    expect(three).toBeNull();
  });

  it('is admitted only where it is true in enough images', () => {
    const [one, two] = search(gather(emptyDomain([0], CATEGORIES), PICTURES), 4);
    expect([one, two]).toEqual([null, null]);
  });

  it('is that of trying all of them, ties counted, however the images came together', () => {
    fc.assert(
      fc.property(pictures(), fc.integer({ min: 1, max: 3 }), fc.nat(6), (some, minimumImages, cut) => {
        const whole = search(gather(emptyDomain([0, 1], SEVEN), some), minimumImages);
        expect(whole).toEqual(triedPlainly(some, minimumImages));
        const merged = gather(emptyDomain([0, 1], SEVEN), some.slice(0, cut));
        mergeDomain(merged, gather(emptyDomain([0, 1], SEVEN), some.slice(cut), cut));
        expect(search(merged, minimumImages)).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });
});

const SEVEN = [0, 0, 0, 0, 1, 1, 1];

function pictures(): fc.Arbitrary<Picture[]> {
  const pixel = fc.record({ concepts: fc.uniqueArray(fc.nat(6), { maxLength: 3 }), on: fc.boolean() });
  const one = fc.array(pixel, { minLength: 6, maxLength: 6 }).map((pixels) => ({
    pixels: pixels.map(({ concepts }) => concepts),
    mask: pixels.map(({ on }) => on),
    present: [0, 1],
  }));
  return fc.array(one, { minLength: 1, maxLength: 6 });
}

/** Every written form over every pixel. */
function triedPlainly(some: readonly Picture[], minimumImages: number): (Found | null)[] {
  const best: (Found | null)[] = [];
  const all = [0, 1, 2, 3, 4, 5, 6];
  const beaten = (f: { intersection: number; union: number }, g: { intersection: number; union: number }) =>
    f.intersection * g.union - g.intersection * f.union;
  for (const length of [1, 2, 3]) {
    let found: Found | null = null;
    const reached = new Set<string>();
    for (const form of formsOf(all, length)) {
      const truths = some.map(({ pixels }) => pixels.map((concepts) => holds(form, concepts)));
      const images = truths.filter((truth) => truth.includes(true)).length;
      let [intersection, union] = [0, 0];
      for (const [i, { mask }] of some.entries())
        for (const [p, on] of mask.entries()) {
          if (on && truths[i][p]) intersection++;
          if (on || truths[i][p]) union++;
        }
      if (images < minimumImages || intersection === 0) continue;
      const shorter = best.filter((one) => one !== null).at(-1);
      if (length > 1 && (!shorter || beaten({ intersection, union }, shorter) <= 0)) continue;
      const order = found ? beaten({ intersection, union }, found) : 1;
      if (order > 0) reached.clear();
      if (order < 0) continue;
      const written = firstForm(form);
      reached.add(JSON.stringify(written));
      if (order > 0 || (found && comesBefore(written, found))) found = { ...written, intersection, union, images, tied: 0 };
    }
    best.push(found && { ...found, tied: reached.size });
  }
  return best;
}

function* formsOf(all: readonly number[], length: number): Generator<Formula> {
  if (length === 1) {
    for (const concept of all) yield { concepts: [concept], operators: [] };
    return;
  }
  for (const { concepts, operators } of formsOf(all, length - 1))
    for (const concept of all)
      if (!concepts.includes(concept))
        for (const operator of OPERATORS) yield { concepts: [...concepts, concept], operators: [...operators, operator] };
}

function holds({ concepts, operators }: Formula, carried: readonly number[]): boolean {
  return operators.reduce((value, operator, i) => {
    const next = carried.includes(concepts[i + 1]);
    if (operator === 'AND') return value && next;
    return operator === 'OR' ? value || next : value && !next;
  }, carried.includes(concepts[0]));
}
