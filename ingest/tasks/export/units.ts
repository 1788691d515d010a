import { plainCategory } from '../../../core/category.ts';
/** Rows about the units of given dissections. */
import { conceptDetectors } from '../../../store/results/concept-detectors.ts';
import { iouSweep } from '../../../store/results/iou-sweep.ts';
import { unitChanges } from '../../../store/results/unit-changes.ts';
import type { Store } from '../../../store/store.ts';
import type { Counting, PlotRow } from './bars.ts';

/** One row a concept that has detectors. */
export async function exportConcepts(store: Store, dissection: number, counting: Counting): Promise<PlotRow[]> {
  const rows = await conceptDetectors(store.pool, [dissection], { ...counting, category: null });
  const concepts = await conceptsById(store, dissection);
  return rows.map(({ conceptId, detectors, meanIou }) => ({ ...named(concepts, conceptId, ''), detectors, meanIou }));
}

/** One row a threshold of IoU. */
export async function exportIouSweep(
  { pool }: Store,
  dissection: number,
  minIous: readonly number[],
  { rule }: Counting,
): Promise<PlotRow[]> {
  const points = await iouSweep(pool, [dissection], [...minIous], rule);
  return points.map(({ minIou, detectors, uniqueDetectors }) => ({ minIou, detectors, uniqueDetectors }));
}

/**
 * One row a unit: its concepts in two dissections of layers with equally many units, and in what they resemble each
 * other.
 */
export async function exportChanges(store: Store, before: number, after: number, { minIou }: Counting): Promise<PlotRow[]> {
  const concepts = await conceptsById(store, before);
  const rows = await unitChanges(store.pool, before, after, minIou);
  return rows.map(({ unit, change, fromId, toId, sameCategory, colorSimilarity, textureSimilarity }) => ({
    unit,
    change,
    ...named(concepts, fromId, 'before'),
    ...named(concepts, toId, 'after'),
    sameCategory: sameCategory === null ? null : Number(sameCategory),
    colorSimilarity,
    textureSimilarity,
  }));
}

type Concepts = ReadonlyMap<number, { name: string; category: string }>;

async function conceptsById({ prisma }: Store, dissection: number): Promise<Concepts> {
  const concepts = await prisma.concept.findMany({ where: { dataset: { dissections: { some: { id: dissection } } } } });
  return new Map(concepts.map((concept) => [concept.id, concept]));
}

function named(concepts: Concepts, id: number | null, end: '' | 'before' | 'after'): PlotRow {
  const concept = id === null ? null : concepts.get(id);
  const column = (name: string) => (end === '' ? name.toLowerCase() : `${end}${name}`);
  return { [column('Concept')]: concept?.name ?? null, [column('Category')]: concept ? plainCategory(concept.category) : null };
}
