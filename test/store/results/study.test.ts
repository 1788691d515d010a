import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPhrase, fleissKappa, type QuestionTally, type StudiedUnit, studyResults } from '../../../store/results/study.ts';

describe("Fleiss' kappa", () => {
  it('is that of a table worked out by hand', () => {
    // Three raters, four questions: 3-0, 2-1, 1-2, 0-3. P_i = 1, 1/3, 1/3, 1; mean 2/3; p_yes = 1/2, by chance 1/2;
    // (2/3 - 1/2) / (1/2).
    const tallies = [
      { yes: 3, no: 0 },
      { yes: 2, no: 1 },
      { yes: 1, no: 2 },
      { yes: 0, no: 3 },
    ];
    expect(fleissKappa(tallies)).toBeCloseTo(1 / 3, 12);
  });

  it('is 1 where all agree on both answers, and not defined where nobody differs or nothing was asked twice', () => {
    expect(
      fleissKappa([
        { yes: 3, no: 0 },
        { yes: 0, no: 3 },
      ]),
    ).toBe(1);
    expect(fleissKappa([{ yes: 3, no: 0 }])).toBeNull();
    expect(fleissKappa([{ yes: 1, no: 0 }])).toBeNull();
    expect(fleissKappa([])).toBeNull();
  });

  it('is at most 1, and the same when yes and no change places', () => {
    const tally = fc.record({ yes: fc.nat(6), no: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(tally), (tallies) => {
        const kappa = fleissKappa(tallies);
        const turned = fleissKappa(tallies.map(({ yes, no }) => ({ yes: no, no: yes })));
        expect(kappa ?? 0).toBeLessThanOrEqual(1 + 1e-12);
        if (kappa === null) expect(turned).toBeNull();
        else expect(turned).toBeCloseTo(kappa, 9);
      }),
    );
  });
});

describe('the canonical phrase', () => {
  const written = (...all: [string, number][]) => all.map(([phrase, confidence]) => ({ phrase, confidence }));

  it('is the most common one, whatever its case and spaces', () => {
    expect(canonicalPhrase(written(['Dog faces', 1], ['cats', 5], ['dog  faces ', 2]))).toBe('dog faces');
  });
  it('is the most confident where none is most common, and the first of equals', () => {
    expect(canonicalPhrase(written(['dogs', 2], ['cats', 5], ['cows', 3]))).toBe('cats');
    expect(canonicalPhrase(written(['dogs', 3], ['cats', 3]))).toBe('dogs');
    expect(canonicalPhrase([])).toBeNull();
  });
});

describe('the results of a study', () => {
  const units: StudiedUnit[] = [
    { layerId: 1, unitId: 1, category: 'OBJECT' },
    { layerId: 1, unitId: 2, category: 'OBJECT' },
    { layerId: 1, unitId: 3, category: 'COLOR' },
    { layerId: 2, unitId: 4, category: null },
  ];
  const tally = (unitId: number, author: 'PERSON' | 'METHOD', round: number, yes: number, no: number): QuestionTally => {
    const unit = units.find((one) => one.unitId === unitId) as StudiedUnit;
    return { ...unit, author, round, yes, no };
  };

  it('count as interpretable what most find true, and of those how often both kinds of phrase hold', () => {
    const tallies = [
      tally(1, 'PERSON', 1, 2, 1),
      tally(1, 'PERSON', 2, 3, 0),
      tally(1, 'METHOD', 2, 0, 3),
      tally(2, 'PERSON', 1, 1, 1), // half are not the most
      tally(2, 'METHOD', 2, 3, 0), // not interpretable: it does not count
      tally(3, 'PERSON', 1, 3, 0),
      tally(3, 'PERSON', 2, 1, 2),
      tally(3, 'METHOD', 2, 2, 1),
    ];
    expect(studyResults(units, tallies)).toEqual([
      { layerId: 1, category: null, units: 3, interpretable: 2, humanConsistency: 0.5, method: 0.5 },
      { layerId: 1, category: 'OBJECT', units: 2, interpretable: 1, humanConsistency: 1, method: 0 },
      { layerId: 1, category: 'COLOR', units: 1, interpretable: 1, humanConsistency: 0, method: 1 },
      { layerId: 2, category: null, units: 1, interpretable: 0, humanConsistency: null, method: null },
    ]);
  });
});
