import { DissectoryError } from '../../../core/errors.ts';
import { rowOf } from '../../../core/ids.ts';
import type { Context } from '../context.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';
import type { UnitRow } from '../rows.ts';

const MAX_AUTHOR = 200;

export const Mutation: MutationResolvers = {
  async judgeChange(_, { input }, context) {
    const author = input.author.trim();
    if (author === '' || author.length > MAX_AUTHOR) {
      throw new DissectoryError('BAD_INPUT', `author must say who judges, in 1 to ${MAX_AUTHOR} characters.`);
    }
    const [before, after] = await Promise.all([input.before, input.after].map((id) => labelled(id, context)));
    if (before.unit !== after.unit || before.datasetId !== after.datasetId) {
      throw new DissectoryError('BAD_INPUT', 'before and after must be units of the same index, dissected over the same dataset.');
    }
    const change = {
      beforeLayerId: before.layerId,
      afterLayerId: after.layerId,
      unit: before.unit,
      fromId: before.labelId,
      toId: after.labelId,
    };
    return context.prisma.verdict.upsert({
      where: { beforeLayerId_afterLayerId_unit_fromId_toId_author: { ...change, author } },
      create: { ...change, author, relation: input.relation },
      update: { relation: input.relation, createdAt: new Date() },
    });
  },
};

/** Throws BAD_ID, NOT_FOUND, and BAD_INPUT where the unit has no label. */
async function labelled(id: string, { loaders }: Context) {
  const unit: UnitRow = await loaders.node.Unit.load(rowOf('Unit', id));
  if (unit.labelId === null) throw new DissectoryError('BAD_INPUT', `Unit ${unit.index} has no label: there is no change to judge.`);
  const { layerId, datasetId } = await loaders.node.Dissection.load(unit.dissectionId);
  return { unit: unit.index, labelId: unit.labelId, layerId, datasetId };
}
