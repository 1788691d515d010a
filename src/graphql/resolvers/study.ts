import { encodeId } from '../../../core/ids.ts';
import { fleissKappa, studyResults } from '../../../store/results/study.ts';
import { studiedUnits, studyTallies } from '../../../store/results/study-tallies.ts';
import type {
  QueryResolvers,
  StudyPicturesResolvers,
  StudyQuestionResolvers,
  StudyResolvers,
  StudyResultResolvers,
} from '../generated/resolvers.ts';
import { spriteOf } from './sprite-of.ts';
import { raterOf, taskOf } from './study-task.ts';

/** Of a strip: raters look closely. */
const SIDE = 160;

export const studyQueries: Pick<QueryResolvers, 'studies' | 'study' | 'studyTask'> = {
  studies: async (_, __, { prisma, budget }) =>
    budget.count(await prisma.study.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: budget.limit() })),
  study: (_, { slug }, { prisma }) => prisma.study.findUnique({ where: { slug } }),
  studyTask: async (_, { token, describing }, context) => taskOf(await raterOf(token, context), describing ?? false, context),
};

export const Study: StudyResolvers = {
  unitCount: async ({ id }, _, { loaders }) => (await loaders.studySummary.load(id)).unitCount,
  questionCount: async ({ id }, _, { loaders }) => (await loaders.studySummary.load(id)).questionCount,
  answeredCount: async ({ id }, _, { loaders }) => (await loaders.studySummary.load(id)).answeredCount,
  voteCount: async ({ id }, _, { loaders }) => (await loaders.studySummary.load(id)).voteCount,
  phraseCount: async ({ id }, _, { loaders }) => (await loaders.studySummary.load(id)).phraseCount,
  people: (study, _, { loaders }) => loaders.studyPeople.load(study.id),
  async results({ id }, _, { store, budget }) {
    const [units, tallies] = await Promise.all([studiedUnits(store.pool, id), studyTallies(store.pool, id)]);
    return budget.count(studyResults(units, tallies));
  },
  fleissKappa: async ({ id }, _, { store }) => fleissKappa(await studyTallies(store.pool, id)),
};

export const StudyResult: StudyResultResolvers = {
  layer: ({ layerId }, _, { loaders }) => loaders.node.Layer.load(layerId),
};

export const StudyQuestion: StudyQuestionResolvers = {
  id: ({ id }) => encodeId('StudyQuestion', id),
  pictures: ({ unitId, images }) => ({ unitId, images }),
};

export const StudyPictures: StudyPicturesResolvers = {
  unit: ({ unitId }) => encodeId('Unit', unitId),
  async stripUrl({ unitId, images }, _, { loaders }) {
    const count = Math.max(1, (await loaders.topImages.load({ id: unitId, args: { first: images } })).length);
    return spriteOf([await loaders.node.Unit.load(unitId)], { images: count, side: SIDE, masks: true }, loaders);
  },
  count: async ({ unitId, images }, _, { loaders }) => (await loaders.topImages.load({ id: unitId, args: { first: images } })).length,
};
