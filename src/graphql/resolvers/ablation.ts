import { countOf } from '../connections.ts';
import type { AblatedClassResolvers, AblatedUnitResolvers, AblationResolvers } from '../generated/resolvers.ts';
import { unitOf } from '../unit-of.ts';
import { orMissing } from './existing.ts';

const DEFAULT_FIRST = 10;

export const Ablation: AblationResolvers = {
  classes: (ablation, _, { loaders }) => loaders.ablatedClasses.load(ablation.id),
  class: async (ablation, { name }, { loaders }) =>
    (await loaders.ablatedClasses.load(ablation.id)).find((one) => one.name === name) ?? null,
  unit: (ablation, { index, first }, { loaders }) =>
    index < 0 ? [] : loaders.unitEffects.load({ id: ablation.id, args: { unit: index, first: countOf('first', first ?? DEFAULT_FIRST) } }),
};

export const AblatedClass: AblatedClassResolvers = {
  async units({ ablationId, layerId, index }, { first, orderBy, dataset }, { loaders }) {
    const asked = { ablationId, index, first: countOf('first', first ?? DEFAULT_FIRST), order: orderBy ?? 'SCORE_DROP' };
    const units = await loaders.ablatedUnits.load(asked);
    return units.map((unit) => ({ ...unit, layerId, dataset: dataset ?? null }));
  },
};

export const AblatedUnit: AblatedUnitResolvers = {
  unit: async (unit, _, context) => orMissing(await unitOf(unit, context.loaders), unit, context),
};
