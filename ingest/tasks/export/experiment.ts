import { plainCategory } from '../../../core/category.ts';
import { DissectoryError } from '../../../core/errors.ts';
import { iouAgainstTau } from '../../../store/results/iou-against-tau.ts';
import { rotationPoints } from '../../../store/results/rotation.ts';
import type { Store } from '../../../store/store.ts';
import { barsOf, type Counting, type PlotRow } from './bars.ts';

/** A rotation: one row an alpha; a sweep of tau: one row a tau and category. Throws NOT_FOUND. */
export async function exportExperiment(store: Store, id: number, counting: Counting): Promise<PlotRow[]> {
  const experiment = await requireExperiment(store, id);
  if (experiment.kind === 'ROTATION') {
    const points = await rotationPoints(store.pool, [id], counting.minIou, counting.rule);
    return points.map(({ alpha, count, mean, min, max, spread }) => ({ alpha, seeds: count, mean, min, max, spread }));
  }
  const dissections = experiment.dissections.map(({ dissection }) => dissection).sort((a, b) => a.tau - b.tau);
  const bars = await barsOf(
    store,
    dissections.map((one) => one.id),
    experiment.datasetId,
    counting,
  );
  return dissections.flatMap(({ id: dissection, tau }) => (bars.get(dissection) ?? []).map((bar) => ({ tau, ...bar })));
}

/** Of one unit, a row for each concept that is its label at some tau, and tau. Throws NOT_FOUND. */
export async function exportTauCurves(store: Store, id: number, unit: number): Promise<PlotRow[]> {
  const { datasetId } = await requireExperiment(store, id);
  const points = await iouAgainstTau(store.pool, [id], unit);
  const concepts = await store.prisma.concept.findMany({ where: { datasetId } });
  return points.map(({ conceptId, tau, iou }) => {
    const concept = concepts.find((one) => one.id === conceptId);
    return { concept: concept?.name ?? null, category: concept ? plainCategory(concept.category) : null, tau, iou };
  });
}

async function requireExperiment({ prisma }: Store, id: number) {
  const experiment = await prisma.experiment.findUnique({ where: { id }, include: { dissections: { include: { dissection: true } } } });
  if (experiment) return experiment;
  throw new DissectoryError('NOT_FOUND', `There is no experiment ${id}: \`dissectory experiment\` makes them, and says their numbers.`);
}
