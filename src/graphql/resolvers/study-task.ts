import { createHash } from 'node:crypto';
import { DissectoryError } from '../../../core/errors.ts';
import type { Study, StudyRater } from '../../../prisma/generated/client.ts';
import { raterWork, undescribedUnit } from '../../../store/results/study-tallies.ts';
import type { Context } from '../context.ts';
import type { StudyTaskRow } from '../rows.ts';

export type Rater = StudyRater & { study: Study };

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** The rater whose link it is. Throws NOT_FOUND. */
export async function raterOf(token: string, { prisma }: Pick<Context, 'prisma'>): Promise<Rater> {
  const rater = await prisma.studyRater.findUnique({ where: { tokenHash: hashOf(token) }, include: { study: true } });
  if (rater) return rater;
  throw new DissectoryError('NOT_FOUND', 'This link belongs to no study. Ask whoever sent it for a new one.');
}

/** What a rater is to do next: a question, or with `describing` a unit to be described. */
export async function taskOf({ id: raterId, study }: Rater, describing: boolean, { prisma, store }: Context): Promise<StudyTaskRow> {
  const whose = { raterId, studyId: study.id };
  if (describing) {
    const unit = await undescribedUnit(store.pool, whose);
    const done = unit?.done ?? (await prisma.studyPhrase.count({ where: { raterId } }));
    return { study, done, left: unit?.left ?? 0, question: null, describe: unit && { unitId: unit.unitId, images: study.images } };
  }
  const { done, left, questionId } = await raterWork(store.pool, whose);
  const question = questionId === null ? null : await prisma.studyQuestion.findUniqueOrThrow({ where: { id: questionId } });
  return { study, done, left, question: question && { ...question, images: study.images }, describe: null };
}
