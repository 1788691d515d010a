import DataLoader from 'dataloader';
import { peopleOfStudies, type StudySummary, studySummaries } from '../../../store/results/study-tallies.ts';
import type { Connection } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { loaderOfLists } from './batch.ts';

/** All by study. */
export const createStudyLoaders = (pool: Connection, budget: RowBudget) => ({
  studySummary: new DataLoader<number, StudySummary>(async (ids) => {
    const found = new Map((await studySummaries(pool, ids)).map((one) => [one.id, one]));
    return ids.map((id) => found.get(id) ?? { unitCount: 0, questionCount: 0, answeredCount: 0, voteCount: 0, phraseCount: 0 });
  }),

  /** By name. */
  studyPeople: loaderOfLists(
    async (ids) => budget.count(await peopleOfStudies(pool, ids, budget.limit())),
    ({ studyId }) => studyId,
  ),
});
