import { randomBytes } from 'node:crypto';
import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import { rowOf } from '../../../core/ids.ts';
import { requireSlug } from '../../../core/slug.ts';
import type { Study } from '../../../prisma/generated/client.ts';
import { canonicalPhrase } from '../../../store/results/study.ts';
import type { Context } from '../context.ts';
import type { MutationResolvers, StudyInput, StudyVoteInput } from '../generated/resolvers.ts';
import { dissected } from './comparison.ts';
import { existingDataset } from './existing.ts';
import { hashOf, raterOf, taskOf } from './study-task.ts';

const MAX_LAYERS = 20;
const MAX_VOTES = 1000;
const MAX_RATERS = 25;
/** As many as a sprite holds. */
const MAX_IMAGES = 16;
const MAX_TEXT = 200;

export const studyMutations: Pick<
  MutationResolvers,
  'createStudy' | 'inviteRater' | 'askAboutPhrases' | 'answerStudy' | 'describeUnit' | 'importVotes'
> = {
  async createStudy(_, { input }, context) {
    const { slug, raters = 3, images = 15, unitsPerLayer } = input;
    requireSlug(slug);
    const title = requireText('title', input.title);
    requireBetween('raters', raters, 1, MAX_RATERS);
    requireBetween('images', images, 1, MAX_IMAGES);
    if (unitsPerLayer != null) requireBetween('unitsPerLayer', unitsPerLayer, 1, 100_000);
    requireBetween('the number of layers', input.layers.length, 1, MAX_LAYERS);
    const units = await unitsOf(input, context);
    const { prisma } = context;
    if (await prisma.study.findUnique({ where: { slug } }))
      throw new DissectoryError('CONFLICT', `There is a study "${slug}": take another slug.`);
    const questions = units.flatMap(({ id: unitId, label }) =>
      label === null ? [] : [{ unitId, phrase: label.name, author: 'METHOD' as const, round: 2 }],
    );
    return prisma.study.create({
      data: {
        slug,
        title,
        raters,
        images,
        units: { createMany: { data: units.map(({ id }) => ({ unitId: id })) } },
        questions: { createMany: { data: questions } },
      },
    });
  },

  async inviteRater(_, { study: slug, name: given }, context) {
    const study = await existingStudy(slug, context);
    const name = requireText('name', given);
    const token = randomBytes(18).toString('base64url');
    const tokenHash = hashOf(token);
    await context.prisma.studyRater.upsert({
      where: { studyId_name: { studyId: study.id, name } },
      create: { studyId: study.id, name, tokenHash },
      update: { tokenHash },
    });
    return { name, token };
  },

  async askAboutPhrases(_, { study: slug }, context) {
    const study = await existingStudy(slug, context);
    const written = await context.prisma.studyPhrase.findMany({
      where: { rater: { studyId: study.id } },
      orderBy: [{ createdAt: 'asc' }, { raterId: 'asc' }],
    });
    const units = [...new Set(written.map(({ unitId }) => unitId))];
    const data = units.flatMap((unitId) => {
      const phrase = canonicalPhrase(written.filter((one) => one.unitId === unitId));
      return phrase === null ? [] : [1, 2].map((round) => ({ studyId: study.id, unitId, phrase, author: 'PERSON' as const, round }));
    });
    await context.prisma.studyQuestion.createMany({ data, skipDuplicates: true });
    return study;
  },

  async answerStudy(_, { token, answer: { question, yes } }, context) {
    const rater = await raterOf(token, context);
    const found = await context.prisma.studyQuestion.findUnique({ where: { id: rowOf('StudyQuestion', question) } });
    if (found?.studyId !== rater.studyId) throw new DissectoryError('NOT_FOUND', 'This question is not one of the study of this link.');
    const vote = { questionId: found.id, raterId: rater.id };
    await context.prisma.studyVote.upsert({ where: { questionId_raterId: vote }, create: { ...vote, yes }, update: { yes } });
    return taskOf(rater, false, context);
  },

  async describeUnit(_, { token, description }, context) {
    const rater = await raterOf(token, context);
    const phrase = requireText('phrase', description.phrase);
    requireBetween('confidence', description.confidence, 1, 5);
    const unitId = rowOf('Unit', description.unit);
    const studied = await context.prisma.studyUnit.findUnique({ where: { studyId_unitId: { studyId: rater.studyId, unitId } } });
    if (!studied) throw new DissectoryError('NOT_FOUND', 'This unit is not one of the study of this link.');
    const key = { raterId: rater.id, unitId };
    const written = { phrase, confidence: description.confidence };
    await context.prisma.studyPhrase.upsert({ where: { raterId_unitId: key }, create: { ...key, ...written }, update: written });
    return taskOf(rater, true, context);
  },

  async importVotes(_, { study: slug, votes }, context) {
    requireBetween('the number of votes', votes.length, 1, MAX_VOTES);
    const study = await existingStudy(slug, context);
    await importAll(study, votes, context);
    return study;
  },
};

/** The units of the study's layers that have images to show, each layer's evenly spread over its numbers. */
async function unitsOf({ layers, dataset: slug, unitsPerLayer }: StudyInput, context: Context) {
  const dataset = await existingDataset(slug, context);
  const asked = { dataset: dataset.slug, tau: DEFAULT_TAU };
  const found = await Promise.all(layers.map((ref) => dissected(ref, asked, context)));
  const all = found.map(async ({ layer, dissection }) => {
    if (!dissection)
      throw new DissectoryError('NOT_FOUND', `Layer ${layer.name} has not been dissected over "${slug}": there is nothing to show of it.`);
    const units = await context.prisma.unit.findMany({
      where: { dissectionId: dissection.id, topImages: { some: {} } },
      select: { id: true, label: { select: { name: true } } },
      orderBy: { index: 'asc' },
    });
    const wanted = Math.min(unitsPerLayer ?? units.length, units.length);
    return Array.from({ length: wanted }, (_, i) => units[Math.floor((i * units.length) / wanted)]);
  });
  return (await Promise.all(all)).flat();
}

/** In one transaction: all of the votes, or none. Throws BAD_INPUT, naming the place of the vote. */
async function importAll(study: Study, votes: readonly StudyVoteInput[], { prisma }: Context): Promise<void> {
  const units = votes.map(({ unit }) => rowOf('Unit', unit));
  for (const [i, { round, author }] of votes.entries()) {
    if (round === 2 || (round === 1 && author === 'PERSON')) continue;
    throw new DissectoryError(
      'BAD_INPUT',
      `Vote ${i}: a person's phrase is asked about in rounds 1 and 2, a method's in 2, not in ${round}.`,
    );
  }
  const studied = await prisma.studyUnit.findMany({ where: { studyId: study.id, unitId: { in: units } } });
  const known = new Set(studied.map(({ unitId }) => unitId));
  const stray = units.findIndex((unit) => !known.has(unit));
  if (stray >= 0) throw new DissectoryError('BAD_INPUT', `Vote ${stray}: its unit is not one of the study.`);
  await prisma.$transaction(async (store) => {
    const names = [...new Set(votes.map(({ rater }) => requireText('rater', rater)))];
    await store.studyRater.createMany({
      data: names.map((name) => ({ studyId: study.id, name, tokenHash: hashOf(randomBytes(18).toString('base64url')) })),
      skipDuplicates: true,
    });
    const asked = votes.map(({ phrase, author, round }, i) => ({
      studyId: study.id,
      unitId: units[i],
      phrase: requireText('phrase', phrase),
      author,
      round,
    }));
    await store.studyQuestion.createMany({ data: asked, skipDuplicates: true });
    const [raters, questions] = await Promise.all([
      store.studyRater.findMany({ where: { studyId: study.id, name: { in: names } } }),
      store.studyQuestion.findMany({ where: { studyId: study.id, unitId: { in: units } } }),
    ]);
    const raterIds = new Map(raters.map(({ name, id }) => [name, id]));
    const keyOf = (one: { unitId: number; author: string; round: number }) => `${one.unitId} ${one.author} ${one.round}`;
    const questionOf = new Map(questions.map((question) => [keyOf(question), question]));
    const data = votes.map(({ rater, yes }, i) => {
      const question = questionOf.get(keyOf(asked[i]));
      const raterId = raterIds.get(rater.trim());
      if (question?.phrase !== asked[i].phrase || raterId === undefined)
        throw new DissectoryError(
          'BAD_INPUT',
          `Vote ${i}: this study asks about "${question?.phrase}" there, not about "${asked[i].phrase}".`,
        );
      return { questionId: question.id, raterId, yes };
    });
    await store.studyVote.createMany({ data, skipDuplicates: true });
  });
}

async function existingStudy(slug: string, { prisma }: Context): Promise<Study> {
  const study = await prisma.study.findUnique({ where: { slug } });
  if (study) return study;
  throw new DissectoryError('NOT_FOUND', `There is no study "${slug}". The query { studies { slug } } lists those that exist.`);
}

function requireText(name: string, given: string): string {
  const text = given.trim();
  if (text !== '' && text.length <= MAX_TEXT && !text.includes('\0')) return text;
  throw new DissectoryError('BAD_INPUT', `${name} must be a text of 1 to ${MAX_TEXT} characters.`);
}

function requireBetween(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new DissectoryError('BAD_INPUT', `${name} must be from ${least} to ${most}, not ${value}.`);
}
