import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';
import type { QuestionTally, StudiedUnit } from './study.ts';

/** The votes of each question of a study. */
export const studyTallies = (pool: Connection, studyId: number): Promise<QuestionTally[]> =>
  rowsOf(
    pool,
    sql<QuestionTally>`
    SELECT d.layer_id AS "layerId", q.unit_id AS "unitId", u.category, q.author::text AS author, q.round,
      count(*) FILTER (WHERE v.yes)::int AS yes, count(*) FILTER (WHERE NOT v.yes)::int AS no
    FROM study_questions q
    JOIN units u ON u.id = q.unit_id JOIN dissections d ON d.id = u.dissection_id
    LEFT JOIN study_votes v ON v.question_id = q.id
    WHERE q.study_id = ${studyId}
    GROUP BY q.id, d.layer_id, u.category`,
  );

/** The units of a study, by model, layer and number. */
export const studiedUnits = (pool: Connection, studyId: number): Promise<StudiedUnit[]> =>
  rowsOf(
    pool,
    sql<StudiedUnit>`
    SELECT d.layer_id AS "layerId", u.id AS "unitId", u.category
    FROM study_units s JOIN units u ON u.id = s.unit_id JOIN dissections d ON d.id = u.dissection_id JOIN layers l ON l.id = d.layer_id
    WHERE s.study_id = ${studyId}
    ORDER BY l.model_id, l.index, l.id, u.index`,
  );

export interface StudySummary {
  unitCount: number;
  questionCount: number;
  /** With all votes that the study wants. */
  answeredCount: number;
  voteCount: number;
  phraseCount: number;
}

/** Of many studies. */
export const studySummaries = (pool: Connection, studies: readonly number[]): Promise<(StudySummary & { id: number })[]> =>
  rowsOf(
    pool,
    sql<StudySummary & { id: number }>`
    SELECT s.id, (SELECT count(*)::int FROM study_units u WHERE u.study_id = s.id) AS "unitCount",
      count(q.id)::int AS "questionCount", count(q.id) FILTER (WHERE q.votes >= s.raters)::int AS "answeredCount",
      coalesce(sum(q.votes), 0)::int AS "voteCount",
      (SELECT count(*)::int FROM study_phrases p JOIN study_raters r ON r.id = p.rater_id WHERE r.study_id = s.id) AS "phraseCount"
    FROM studies s
    LEFT JOIN (
      SELECT q.id, q.study_id, count(v.rater_id) AS votes FROM study_questions q LEFT JOIN study_votes v ON v.question_id = q.id GROUP BY q.id
    ) q ON q.study_id = s.id
    WHERE s.id = ANY(${studies}::int[]) GROUP BY s.id`,
  );

export interface StudyPerson {
  studyId: number;
  name: string;
  voteCount: number;
  phraseCount: number;
}

/** Those with a link to each of many studies, by name. */
export const peopleOfStudies = (pool: Connection, studies: readonly number[], most: number): Promise<StudyPerson[]> =>
  rowsOf(
    pool,
    sql<StudyPerson>`
    SELECT r.study_id AS "studyId", r.name, (SELECT count(*)::int FROM study_votes v WHERE v.rater_id = r.id) AS "voteCount",
      (SELECT count(*)::int FROM study_phrases p WHERE p.rater_id = r.id) AS "phraseCount"
    FROM study_raters r WHERE r.study_id = ANY(${studies}::int[]) ORDER BY r.name, r.id LIMIT ${most}`,
  );

/** What is left to a rater. */
export interface RaterWork {
  done: number;
  left: number;
  questionId: number | null;
}

/**
 * What a rater is asked next: of the questions that lack votes and that they have not answered those with the fewest
 * votes, in an order of the rater's own. Nobody is asked about the same phrase of a unit in both rounds.
 */
export async function raterWork(pool: Connection, { raterId, studyId }: { raterId: number; studyId: number }): Promise<RaterWork> {
  const [work] = await rowsOf(
    pool,
    sql<RaterWork>`
    WITH mine AS (SELECT q.* FROM study_votes v JOIN study_questions q ON q.id = v.question_id WHERE v.rater_id = ${raterId}),
    open AS (
      SELECT q.id, q.unit_id, q.author, (SELECT count(*) FROM study_votes v WHERE v.question_id = q.id) AS votes
      FROM study_questions q JOIN studies s ON s.id = q.study_id
      WHERE q.study_id = ${studyId} AND NOT EXISTS (SELECT FROM mine m WHERE m.unit_id = q.unit_id AND m.author = q.author)
        AND (SELECT count(*) FROM study_votes v WHERE v.question_id = q.id) < s.raters)
    SELECT (SELECT count(*)::int FROM mine) AS done,
      (SELECT count(DISTINCT (o.unit_id, o.author))::int FROM open o) AS left,
      (SELECT o.id FROM open o ORDER BY o.votes, md5(o.id || ' ' || ${raterId}::int) LIMIT 1) AS "questionId"`,
  );
  return work;
}

/**
 * A unit of the study that a rater has not described, those with the fewest descriptions first; null where there is
 * none.
 */
export async function undescribedUnit(pool: Connection, { raterId, studyId }: { raterId: number; studyId: number }) {
  const [row] = await rowsOf(
    pool,
    sql<{ unitId: number; done: number; left: number }>`
    SELECT s.unit_id AS "unitId", (SELECT count(*)::int FROM study_phrases p WHERE p.rater_id = ${raterId}) AS done, count(*) OVER ()::int AS left
    FROM study_units s
    WHERE s.study_id = ${studyId} AND NOT EXISTS (SELECT FROM study_phrases p WHERE p.unit_id = s.unit_id AND p.rater_id = ${raterId})
    ORDER BY (SELECT count(*) FROM study_phrases p JOIN study_raters r ON r.id = p.rater_id
        WHERE p.unit_id = s.unit_id AND r.study_id = s.study_id), md5(s.unit_id || ' ' || ${raterId}::int)
    LIMIT 1`,
  );
  return row ?? null;
}
