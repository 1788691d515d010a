/** What a study of people's judgement comes to (paper, 3.1, Table 3). Counts in, counts out: no database. */

/** Who wrote a phrase that raters judge. */
export type PhraseAuthor = 'PERSON' | 'METHOD';

/** A question's votes. A person's phrase is asked about in two rounds, a method's in the second alone. */
export interface QuestionTally {
  layerId: number;
  unitId: number;
  /** Of the unit's label; null where it has none. */
  category: string | null;
  author: PhraseAuthor;
  round: number;
  yes: number;
  no: number;
}

/** A unit of the study. */
export interface StudiedUnit {
  layerId: number;
  unitId: number;
  category: string | null;
}

export interface StudyResult {
  layerId: number;
  /** null: all of the layer's units in the study. */
  category: string | null;
  units: number;
  /** Units with a person's phrase that most raters of the first round find true of the pictures. */
  interpretable: number;
  /**
   * Of the interpretable units that were asked about again: those whose phrase most raters find true then; null where
   * there are none.
   */
  humanConsistency: number | null;
  /**
   * Of the interpretable units whose method's phrase was asked about: those where most raters find it true; null where
   * there are none.
   */
  method: number | null;
}

/** The most raters say yes; half of them are not the most. */
const holds = ({ yes, no }: { yes: number; no: number }): boolean => yes > no;

/** One row a layer, then one for each of its categories, in the order of `units`. */
export function studyResults(units: readonly StudiedUnit[], tallies: readonly QuestionTally[]): StudyResult[] {
  const byUnit = grouped(tallies, ({ unitId }) => unitId);
  return [...grouped(units, ({ layerId }) => layerId)].flatMap(([layerId, ofLayer]) => {
    const byCategory = [...grouped(ofLayer, ({ category }) => category)].filter(([category]) => category !== null);
    return [resultOf(layerId, null, ofLayer, byUnit), ...byCategory.map(([category, some]) => resultOf(layerId, category, some, byUnit))];
  });
}

function resultOf(
  layerId: number,
  category: string | null,
  units: readonly StudiedUnit[],
  byUnit: ReadonlyMap<number, readonly QuestionTally[]>,
): StudyResult {
  const asked = (unitId: number, author: PhraseAuthor, round: number) =>
    byUnit.get(unitId)?.find((tally) => tally.author === author && tally.round === round && tally.yes + tally.no > 0);
  const interpretable = units.filter(({ unitId }) => {
    const first = asked(unitId, 'PERSON', 1);
    return first !== undefined && holds(first);
  });
  const shareOf = (author: PhraseAuthor) => {
    const tallies = interpretable.map(({ unitId }) => asked(unitId, author, 2)).filter((tally) => tally !== undefined);
    return tallies.length === 0 ? null : tallies.filter(holds).length / tallies.length;
  };
  return {
    layerId,
    category,
    units: units.length,
    interpretable: interpretable.length,
    humanConsistency: shareOf('PERSON'),
    method: shareOf('METHOD'),
  };
}

/**
 * Fleiss' kappa: how far raters agree beyond chance, 1 for always. Questions with fewer than two votes say nothing of
 * it; where questions have different numbers of votes each counts by its own. null where nothing was asked twice, or
 * all votes are the same.
 */
export function fleissKappa(tallies: readonly { yes: number; no: number }[]): number | null {
  const judged = tallies.filter(({ yes, no }) => yes + no >= 2);
  if (judged.length === 0) return null;
  const agreement = judged.map(({ yes, no }) => (yes * (yes - 1) + no * (no - 1)) / ((yes + no) * (yes + no - 1)));
  const observed = agreement.reduce((sum, one) => sum + one, 0) / judged.length;
  const votes = judged.reduce((sum, { yes, no }) => sum + yes + no, 0);
  const yesShare = judged.reduce((sum, { yes }) => sum + yes, 0) / votes;
  const byChance = yesShare ** 2 + (1 - yesShare) ** 2;
  return byChance === 1 ? null : (observed - byChance) / (1 - byChance);
}

/** What a rater wrote of a unit. */
export interface WrittenPhrase {
  phrase: string;
  /** 1 to 5. */
  confidence: number;
}

/**
 * The phrase that stands for a unit: the most common one, else the most confident; of equals the first written. null
 * where there is none.
 */
export function canonicalPhrase(written: readonly WrittenPhrase[]): string | null {
  const groups = [...grouped(written, ({ phrase }) => phrase.trim().toLowerCase().replaceAll(/\s+/g, ' '))];
  const most = Math.max(0, ...groups.map(([, same]) => same.length));
  const common = groups.filter(([, same]) => same.length === most);
  if (common.length === 1) return common[0][0];
  const confidence = (same: readonly WrittenPhrase[]) => Math.max(...same.map((one) => one.confidence));
  return (
    common.reduce<(typeof common)[number] | null>(
      (best, one) => (best && confidence(best[1]) >= confidence(one[1]) ? best : one),
      null,
    )?.[0] ?? null
  );
}

/** Rows by key, in the order in which keys first come. */
function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
