/**
 * The best formulas of a unit over one domain (Mu and Andreas 2020), proven: what is left out cannot be better.
 *
 * The search weighs pixels. Where the best IoU so far is r, a formula F beats it if and only if the sum over its pixels
 * of v = (1 + r) [pixel in mask] - r is above r |mask|; v of a set of pixels is the sum over its signatures. So v+ (the
 * sum of those that are positive) bounds whatever can be cut out of a set from above, and v(A or B) is never above v(A)
 * + v+(B).
 */
import { type Domain, imagesWhere } from './domain.ts';
import { comesBefore, type Formula, firstForm, type Operator } from './written-form.ts';

export interface Found extends Formula {
  intersection: number;
  union: number;
  /** Of the domain, with at least one pixel of the formula. */
  images: number;
  /** Functions that reach this IoU. */
  tied: number;
}

export interface SearchResult {
  /**
   * The best formula of one, two and three concepts; null where none strictly beats the shorter ones, and where none is
   * admitted. Ties go to the one that is written first.
   */
  best: readonly [Found | null, Found | null, Found | null];
  /** Formulas whose IoU was computed. */
  visited: number;
}

export interface SearchOptions {
  /** A formula is admitted where it is true in so many images. */
  minimumImages: number;
}

/**
 * @param inMask pixels of each signature that lie in the unit's mask, over the whole domain
 */
export function searchFormulas(domain: Domain, inMask: Float64Array, { minimumImages }: SearchOptions): SearchResult {
  const unit = new Unit(domain, inMask, minimumImages);
  const one = unit.bestOfOne();
  if (!one) return { best: [null, null, null], visited: unit.visited };
  const two = unit.bestOfTwo(one);
  const three = unit.bestOfThree(two ?? one);
  return { best: [one, two, three], visited: unit.visited };
}

/** A pair of concepts joined: the first half of a formula of three. */
interface Joined {
  a: number;
  b: number;
  operator: Operator;
}

/** Every function of two concepts once: AND and OR are the same either way round, AND NOT is not. */
function* pairsOf(concepts: number): Generator<Joined> {
  for (let a = 0; a < concepts; a++)
    for (let b = 0; b < concepts; b++) {
      if (a === b) continue;
      if (a < b) {
        yield { a, b, operator: 'AND' };
        yield { a, b, operator: 'OR' };
      }
      yield { a, b, operator: 'AND NOT' };
    }
}

/** Room for rounding in bounds: what is this close is computed exactly. */
const CLOSE = 1e-9;

class Unit {
  visited = 0;
  readonly domain: Domain;
  readonly minimumImages: number;
  readonly mask: number;
  /** Pixels in the mask of each concept, and of each pair. */
  readonly single: Float64Array;
  readonly pair: Float64Array;
  /** Signatures that meet the mask. */
  private readonly met: readonly number[];
  private readonly inMask: Float64Array;

  constructor(domain: Domain, inMask: Float64Array, minimumImages: number) {
    const { concepts, starts, items } = domain;
    this.domain = domain;
    this.inMask = inMask;
    this.minimumImages = minimumImages;
    this.pair = new Float64Array(concepts * concepts);
    const met: number[] = [];
    let mask = 0;
    for (let s = 0; s < inMask.length; s++) {
      if (inMask[s] === 0) continue;
      met.push(s);
      mask += inMask[s];
      for (let i = starts[s]; i < starts[s + 1]; i++)
        for (let j = starts[s]; j < starts[s + 1]; j++) this.pair[items[i] * concepts + items[j]] += inMask[s];
    }
    this.met = met;
    this.mask = mask;
    this.single = Float64Array.from({ length: concepts }, (_, c) => this.pair[c * concepts + c]);
  }

  bestOfOne(): Found | null {
    const best = new Best(this, null);
    for (let a = 0; a < this.domain.concepts; a++) best.offer({ concepts: [a], operators: [] }, this.single[a], this.domain.conceptSize[a]);
    return best.found;
  }

  bestOfTwo(shorter: Found): Found | null {
    const { concepts } = this.domain;
    const best = new Best(this, shorter);
    for (const joined of pairsOf(concepts)) {
      const { a, b, operator } = joined;
      const [intersection, size] = this.joined(joined);
      best.offer({ concepts: [a, b], operators: [operator] }, intersection, size);
    }
    return best.found;
  }

  /** Intersection with the mask and size of a pair joined. */
  joined({ a, b, operator }: Joined): [number, number] {
    const { concepts, conceptSize, pairSize } = this.domain;
    const [both, bothSize] = [this.pair[a * concepts + b], pairSize[a * concepts + b]];
    if (operator === 'AND') return [both, bothSize];
    if (operator === 'OR') return [this.single[a] + this.single[b] - both, conceptSize[a] + conceptSize[b] - bothSize];
    return [this.single[a] - both, conceptSize[a] - bothSize];
  }

  bestOfThree(shorter: Found): Found | null {
    const best = new Best(this, shorter);
    let r = shorter.intersection / shorter.union;
    // A first look at the likeliest raises r, and with it every bound of the second, which leaves nothing out.
    this.extendPairs(best, new Weights(this, r), LIKELY);
    if (best.found) r = best.found.intersection / best.found.union;
    this.extendPairs(best, new Weights(this, r), Infinity);
    return best.found;
  }

  /** Offers all formulas of three that the bounds leave, of the `most` likeliest pairs. */
  private extendPairs(best: Best, weights: Weights, most: number): void {
    const { concepts, pairSize } = this.domain;
    const pairs = weights.promisingPairs();
    for (const joined of pairs.slice(0, most)) {
      const triples = pairSize[joined.a * concepts + joined.b] > 0 ? weights.triplesOf(joined.a, joined.b) : null;
      this.offerOr(best, weights, joined, triples);
      this.offerCuts(best, weights, joined, triples);
    }
  }

  /** (a op b) OR c: no better than v(a op b) + v+(c). */
  private offerOr(best: Best, weights: Weights, joined: Joined, triples: Triples | null): void {
    const value = weights.valueOf(joined);
    for (const c of weights.byPositive) {
      if (value + weights.positive[c] < weights.goal) return;
      if (c === joined.a || c === joined.b) continue;
      const [meet, meetSize] = this.meeting(joined, c, triples);
      const [intersection, size] = this.joined(joined);
      best.offer(
        { concepts: [joined.a, joined.b, c], operators: [joined.operator, 'OR'] },
        intersection + this.single[c] - meet,
        size + this.domain.conceptSize[c] - meetSize,
      );
    }
  }

  /** (a op b) AND c and (a op b) AND NOT c: cut out of a op b, so no better than its v+. */
  private offerCuts(best: Best, weights: Weights, joined: Joined, triples: Triples | null): void {
    if (weights.positiveOf(joined) < weights.goal) return;
    const value = weights.valueOf(joined);
    const [intersection, size] = this.joined(joined);
    const { a, b, operator } = joined;
    for (const c of weights.byPositive) {
      if (weights.positive[c] < weights.goal) break;
      if (c === a || c === b) continue;
      const [meet, meetSize] = this.meeting(joined, c, triples);
      best.offer({ concepts: [a, b, c], operators: [operator, 'AND'] }, meet, meetSize);
    }
    for (const c of weights.byNegative) {
      if (value + weights.negative[c] < weights.goal) break;
      if (c === a || c === b) continue;
      const [meet, meetSize] = this.meeting(joined, c, triples);
      if (meetSize > 0) best.offer({ concepts: [a, b, c], operators: [operator, 'AND NOT'] }, intersection - meet, size - meetSize);
    }
  }

  /** What a pair joined and a third concept have in common: in the mask, and at all. */
  private meeting({ a, b, operator }: Joined, c: number, triples: Triples | null): [number, number] {
    const { concepts, pairSize } = this.domain;
    const [all, allSize] = triples ? [triples.inMask[c], triples.size[c]] : [0, 0];
    if (operator === 'AND') return [all, allSize];
    const [withA, withASize] = [this.pair[a * concepts + c], pairSize[a * concepts + c]];
    if (operator === 'AND NOT') return [withA - all, withASize - allSize];
    return [withA + this.pair[b * concepts + c] - all, withASize + pairSize[b * concepts + c] - allSize];
  }

  inMaskOf(signature: number): number {
    return this.inMask[signature];
  }

  metSignatures(): readonly number[] {
    return this.met;
  }
}

/** Pairs that are extended first. */
const LIKELY = 200;

/** Pixels that carry a, b and each third concept. */
interface Triples {
  inMask: Float64Array;
  size: Float64Array;
}

/** Values of sets of pixels at one r. */
class Weights {
  /** What a formula must reach to be as good as r. */
  readonly goal: number;
  /** v+ of each concept, and the sum of what is negative without its sign. */
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  readonly byPositive: readonly number[];
  readonly byNegative: readonly number[];
  private readonly unit: Unit;
  private readonly r: number;
  private readonly pairPositive: Float64Array;
  private readonly triples: Triples;

  constructor(unit: Unit, r: number) {
    const { concepts, starts, items, conceptSize } = unit.domain;
    this.unit = unit;
    this.r = r;
    this.goal = r * unit.mask * (1 - CLOSE);
    this.positive = new Float64Array(concepts);
    this.pairPositive = new Float64Array(concepts * concepts);
    // Only signatures that meet the mask can weigh more than nothing.
    for (const s of unit.metSignatures()) {
      const value = (1 + r) * unit.inMaskOf(s) - r * unit.domain.size[s];
      if (value <= 0) continue;
      for (let i = starts[s]; i < starts[s + 1]; i++)
        for (let j = starts[s]; j < starts[s + 1]; j++) this.pairPositive[items[i] * concepts + items[j]] += value;
    }
    this.negative = new Float64Array(concepts);
    for (let c = 0; c < concepts; c++) {
      this.positive[c] = this.pairPositive[c * concepts + c];
      this.negative[c] = this.positive[c] - ((1 + r) * unit.single[c] - r * conceptSize[c]);
    }
    const all = Array.from({ length: concepts }, (_, c) => c);
    this.byPositive = [...all].sort((a, b) => this.positive[b] - this.positive[a]);
    this.byNegative = [...all].sort((a, b) => this.negative[b] - this.negative[a]);
    this.triples = { inMask: new Float64Array(concepts), size: new Float64Array(concepts) };
  }

  valueOf(joined: Joined): number {
    const [intersection, size] = this.unit.joined(joined);
    return (1 + this.r) * intersection - this.r * size;
  }

  positiveOf({ a, b, operator }: Joined): number {
    const { concepts } = this.unit.domain;
    const both = this.pairPositive[a * concepts + b];
    if (operator === 'AND') return both;
    if (operator === 'OR') return this.positive[a] + this.positive[b] - both;
    return this.positive[a] - both;
  }

  /** Pairs joined that some third concept may make as good as r, most promising first. */
  promisingPairs(): Joined[] {
    const { concepts } = this.unit.domain;
    const most = this.positive[this.byPositive[0]] ?? 0;
    const pairs: { joined: Joined; promise: number }[] = [];
    for (const joined of pairsOf(concepts)) {
      const promise = this.valueOf(joined) + most;
      if (promise >= this.goal || this.positiveOf(joined) >= this.goal) pairs.push({ joined, promise });
    }
    return pairs.sort((x, y) => y.promise - x.promise).map(({ joined }) => joined);
  }

  /** Overwritten by the next call. */
  triplesOf(a: number, b: number): Triples {
    const { inMask, size } = this.triples;
    inMask.fill(0);
    size.fill(0);
    const { starts, items, bearerStarts, bearers, size: sizes } = this.unit.domain;
    const [few, other] = bearerStarts[a + 1] - bearerStarts[a] < bearerStarts[b + 1] - bearerStarts[b] ? [a, b] : [b, a];
    for (let at = bearerStarts[few]; at < bearerStarts[few + 1]; at++) {
      const s = bearers[at];
      let carries = false;
      for (let i = starts[s]; i < starts[s + 1] && !carries; i++) carries = items[i] === other;
      if (!carries) continue;
      const met = this.unit.inMaskOf(s);
      for (let i = starts[s]; i < starts[s + 1]; i++) {
        inMask[items[i]] += met;
        size[items[i]] += sizes[s];
      }
    }
    return this.triples;
  }
}

/** The best formula of one length so far. */
class Best {
  found: Found | null = null;
  private readonly unit: Unit;
  /** Its IoU must be beaten. */
  private readonly shorter: Found | null;
  private readonly refused = new Set<string>();

  constructor(unit: Unit, shorter: Found | null) {
    this.unit = unit;
    this.shorter = shorter;
  }

  /** @param size pixels of the formula */
  offer(form: Formula, intersection: number, size: number): void {
    this.unit.visited++;
    const union = this.unit.mask + size - intersection;
    if (intersection === 0 || union === 0) return;
    if (this.shorter && compareIou(intersection, union, this.shorter) <= 0) return;
    const order = this.found ? compareIou(intersection, union, this.found) : 1;
    if (order < 0) return;
    const written = firstForm(form);
    if (order === 0 && this.found && sameForm(written, this.found)) return;
    const key = JSON.stringify(written);
    if (this.refused.has(key)) return;
    const images = imagesOf(this.unit.domain, written);
    if (images < this.unit.minimumImages) {
      this.refused.add(key);
      return;
    }
    if (order > 0 || !this.found) this.found = { ...written, intersection, union, images, tied: 1 };
    else {
      // Each is counted once, by whatever form it comes again.
      this.refused.add(key).add(JSON.stringify({ concepts: this.found.concepts, operators: this.found.operators }));
      const first = comesBefore(written, this.found) ? { ...written, intersection, union, images } : {};
      this.found = { ...this.found, ...first, tied: this.found.tied + 1 };
    }
  }
}

/** Whether intersection / union is above (1), equal to (0) or below (-1) another IoU, as rationals. */
function compareIou(intersection: number, union: number, other: { intersection: number; union: number }): number {
  const [left, right] = [intersection * other.union, other.intersection * union];
  if (Math.abs(left - right) > CLOSE * Math.max(left, right)) return left > right ? 1 : -1;
  const exact = BigInt(intersection) * BigInt(other.union) - BigInt(other.intersection) * BigInt(union);
  return exact > 0n ? 1 : exact < 0n ? -1 : 0;
}

const sameForm = (a: Formula, b: Formula): boolean => !comesBefore(a, b) && !comesBefore(b, a);

/** Images of the domain with at least one pixel of the formula. */
export function imagesOf(domain: Domain, { concepts, operators }: Formula): number {
  if (concepts.length === 1) return domain.conceptImages[concepts[0]];
  const { starts, items } = domain;
  const carries = (signature: number, concept: number) => {
    for (let i = starts[signature]; i < starts[signature + 1]; i++) if (items[i] === concept) return true;
    return false;
  };
  const holds = (signature: number) =>
    operators.reduce(
      (value, operator, i) => {
        const next = carries(signature, concepts[i + 1]);
        if (operator === 'AND') return value && next;
        return operator === 'OR' ? value || next : value && !next;
      },
      carries(signature, concepts[0]),
    );
  return imagesWhere(domain, concepts, holds);
}
