import type { HeadKind } from './explanation.ts';

interface HeadFacts {
  id: number;
  kind: HeadKind;
}

/**
 * Of a model's heads the one that speaks for it where none is named: the network's own, else the SVM that was trained
 * last.
 */
export function headMeant<Head extends HeadFacts>(heads: readonly Head[]): Head | null {
  const newest = (kind: HeadKind) =>
    heads
      .filter((head) => head.kind === kind)
      .toSorted((a, b) => b.id - a.id)
      .at(0);
  return newest('OWN') ?? newest('SVM') ?? null;
}
