import type { Store } from '../../store/store.ts';

/**
 * All that the store holds of a dissection's units, concepts and images by their index: what two runs must agree on to
 * the last bit.
 */
export async function contentOf({ prisma }: Store, dissectionId: number) {
  const units = await prisma.unit.findMany({
    where: { dissectionId },
    orderBy: { index: 'asc' },
    include: {
      label: true,
      scores: { include: { concept: true }, orderBy: { concept: { index: 'asc' } } },
      categories: { include: { best: true }, orderBy: { category: 'asc' } },
      topImages: { include: { image: true }, orderBy: { rank: 'asc' } },
    },
  });
  return units.map(({ index, threshold, silent, maxActivation, iou, category, label, scores, categories, topImages }) => ({
    ...{ index, threshold, silent, maxActivation, iou, category, label: label?.index },
    scores: scores.map(({ concept, iou, intersection, union }) => ({ concept: concept.index, iou, intersection, union })),
    categories: categories.map(({ unitId: _, bestId: __, best, ...counts }) => ({ ...counts, best: best?.index })),
    topImages: topImages.map(({ rank, image, maxActivation, map }) => ({ rank, image: image.index, maxActivation, map: floats(map) })),
  }));
}

function floats(bytes: Uint8Array): number[] {
  return [...new Float32Array(bytes.slice().buffer)];
}

/** Rows of the tables that a dissection fills. */
export async function dissectedRows({ prisma }: Store) {
  const { dissection, unit, unitScore, unitCategory, topImage } = prisma;
  const tables = [dissection.count(), unit.count(), unitScore.count(), unitCategory.count(), topImage.count()];
  return Promise.all(tables);
}

export const NO_ROWS = [0, 0, 0, 0, 0];
