import { DEFAULT_MIN_IOU, DEFAULT_TAU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import { type Change, unitChanges } from '../../../store/results/unit-changes.ts';
import type { Context } from '../context.ts';
import type {
  ComputedRelationResolvers,
  LayerRef,
  QueryUnitChangesArgs,
  UnitChangeResolvers,
  UnitChangesResolvers,
  VerdictResolvers,
} from '../generated/resolvers.ts';
import type { DissectionRow, UnitChangesRow } from '../rows.ts';
import { dissected } from './comparison.ts';

export const UnitChanges: UnitChangesResolvers = {
  kept: (changes) => countOf(changes, 'KEPT'),
  changed: (changes) => countOf(changes, 'CHANGED'),
  lost: (changes) => countOf(changes, 'LOST'),
  gained: (changes) => countOf(changes, 'GAINED'),
  shareKept(changes) {
    const kept = countOf(changes, 'KEPT');
    const both = kept + countOf(changes, 'CHANGED');
    return both === 0 ? null : kept / both;
  },
  units: ({ units }, { change }) => (change == null ? units : units.filter((unit) => unit.change === change)),
};

export const UnitChange: UnitChangeResolvers = {
  index: ({ unit }) => unit,
  before: ({ beforeId }, _, { loaders }) => loaders.node.Unit.load(beforeId),
  after: ({ afterId }, _, { loaders }) => loaders.node.Unit.load(afterId),
  relation: (change) => (change.change === 'CHANGED' ? change : null),
  verdicts: (change, _, { loaders }) => (change.change === 'CHANGED' ? loaders.verdictsOfChange.load(change) : []),
};

export const ComputedRelation: ComputedRelationResolvers = {
  sameCategory: ({ sameCategory }) => sameCategory === true,
};

export const Verdict: VerdictResolvers = {
  from: ({ fromId }, _, { loaders }) => loaders.node.Concept.load(fromId),
  to: ({ toId }, _, { loaders }) => loaders.node.Concept.load(toId),
};

/**
 * Throws NOT_FOUND where a model, layer or dissection does not exist, BAD_INPUT where the layers differ in their number
 * of units.
 */
export async function changesBetween(dataset: string, args: QueryUnitChangesArgs, context: Context): Promise<UnitChangesRow> {
  const asked = { dataset, tau: args.tau ?? DEFAULT_TAU };
  const [before, after] = await Promise.all([args.before, args.after].map((ref) => requireDissected(ref, asked, context)));
  if (before.unitCount !== after.unitCount) {
    throw new DissectoryError(
      'BAD_INPUT',
      `Only layers of equally many units can be compared unit by unit, not ${before.unitCount} and ${after.unitCount}.`,
    );
  }
  const minIou = args.minIou ?? DEFAULT_MIN_IOU;
  const rows = context.budget.count(await unitChanges(context.store.pool, before.dissection.id, after.dissection.id, minIou));
  const layers = { beforeLayerId: before.dissection.layerId, afterLayerId: after.dissection.layerId };
  return { before: before.dissection, after: after.dissection, minIou, units: rows.map((row) => ({ ...row, ...layers })) };
}

async function requireDissected(
  ref: LayerRef,
  asked: { dataset: string; tau: number },
  context: Context,
): Promise<{ dissection: DissectionRow; unitCount: number }> {
  const { layer, dissection } = await dissected(ref, asked, context);
  if (dissection) return { dissection, unitCount: layer.unitCount };
  throw new DissectoryError(
    'NOT_FOUND',
    `Layer ${layer.name} of "${ref.model}" has not been dissected over "${asked.dataset}" at tau ${asked.tau}.`,
  );
}

const countOf = ({ units }: UnitChangesRow, change: Change): number => units.filter((unit) => unit.change === change).length;
