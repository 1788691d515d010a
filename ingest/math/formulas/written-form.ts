/**
 * Formulas of up to three concepts, `a`, `a op b` or `(a op b) op c`, and which of the forms of one function is written
 * (docs/definitions.md).
 */

/** In the order that decides ties. */
export const OPERATORS = ['AND', 'OR', 'AND NOT'] as const;
export type Operator = (typeof OPERATORS)[number];

/** Concepts go by their place; `operators` stand between them, one fewer. */
export interface Formula {
  concepts: readonly number[];
  operators: readonly Operator[];
}

/**
 * The function that a form stands for, as bits: bit r is set where it is true of a pixel that carries exactly the
 * concepts in r, bit i of r the i-th of `sorted`.
 */
export function truthOf({ concepts, operators }: Formula, sorted: readonly number[]): number {
  let truth = 0;
  for (let region = 1; region < 2 ** sorted.length; region++) {
    const carries = (concept: number) => ((region >> sorted.indexOf(concept)) & 1) === 1;
    let value = carries(concepts[0]);
    for (const [i, operator] of operators.entries()) {
      const next = carries(concepts[i + 1]);
      if (operator === 'AND') value = value && next;
      else if (operator === 'OR') value = value || next;
      else value = value && !next;
    }
    if (value) truth |= 1 << region;
  }
  return truth;
}

/**
 * Whether one form is written before another: by concepts in written order, compared one after another, then by
 * operators.
 */
export function comesBefore(a: Formula, b: Formula): boolean {
  for (const [i, concept] of a.concepts.entries()) if (concept !== b.concepts[i]) return concept < b.concepts[i];
  for (const [i, operator] of a.operators.entries())
    if (operator !== b.operators[i]) return OPERATORS.indexOf(operator) < OPERATORS.indexOf(b.operators[i]);
  return false;
}

/** The first form of each function of two and of three concepts 0, 1, 2, by its truth. */
const FIRST_FORMS: Readonly<Record<number, ReadonlyMap<number, Formula>>> = { 2: firstForms(2), 3: firstForms(3) };

/** How many functions the forms of three concepts stand for. */
export const FUNCTIONS_OF_THREE = FIRST_FORMS[3].size;

/** The first written form of the function that a form stands for. */
export function firstForm(formula: Formula): Formula {
  const { concepts } = formula;
  if (concepts.length === 1) return formula;
  const sorted = [...concepts].sort((a, b) => a - b);
  const first = FIRST_FORMS[concepts.length].get(truthOf(formula, sorted));
  if (!first) throw new Error(`no written form of ${JSON.stringify(formula)}`);
  return { concepts: first.concepts.map((place) => sorted[place]), operators: first.operators };
}

function firstForms(length: number): Map<number, Formula> {
  const all = Array.from({ length }, (_, i) => i);
  const found = new Map<number, Formula>();
  for (const concepts of permutations(all))
    for (const operators of sequences(length - 1)) {
      const form = { concepts, operators };
      const truth = truthOf(form, all);
      const known = found.get(truth);
      if (!known || comesBefore(form, known)) found.set(truth, form);
    }
  return found;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((one) => one !== item)).map((rest) => [item, ...rest]));
}

function sequences(length: number): Operator[][] {
  if (length === 0) return [[]];
  return OPERATORS.flatMap((operator) => sequences(length - 1).map((rest) => [operator, ...rest]));
}
