import { stringify } from 'csv-stringify/sync';
import { plainCategory } from '../../../core/category.ts';
import { DissectoryError } from '../../../core/errors.ts';
import type { Store } from '../../../store/store.ts';
import { TALLY_CATEGORIES, tallyHeader } from './columns.ts';

/**
 * A dissection in the columns of NetDissect's tally.csv, so that scripts made for it read it: units from 1, best IoU
 * first.
 *
 * @param id of the dissection
 * @throws NOT_FOUND
 */
export async function writeTally(store: Store, id: number): Promise<string> {
  const dissection = await store.prisma.dissection.findUnique({ where: { id } });
  if (!dissection) throw new DissectoryError('NOT_FOUND', `There is no dissection ${id}: \`dissectory status\` lists those that exist.`);
  const units = await store.prisma.unit.findMany({
    where: { dissectionId: id },
    include: { label: true, categories: { include: { best: true } } },
    orderBy: [{ iou: 'desc' }, { index: 'asc' }],
  });
  const stored = await store.prisma.datasetCategory.findMany({ where: { datasetId: dissection.datasetId }, orderBy: { index: 'asc' } });
  const own = stored.map(({ category }) => category).filter((category) => !TALLY_CATEGORIES.some((known) => known === category));
  const rows = units.map((unit) => {
    const cells = [...TALLY_CATEGORIES, ...own].flatMap((category) => {
      const one = unit.categories.find((entry) => entry.category === category);
      if (!one) return ['', 0, 0, 0, 0];
      const truth = one.bestUnion - one.activated + one.bestIntersection;
      return [one.best?.name ?? '', truth, one.activated, one.bestIntersection, one.bestIou];
    });
    return [unit.index + 1, unit.label ? plainCategory(unit.label.category) : '', unit.label?.name ?? '', unit.iou, ...cells];
  });
  return stringify([tallyHeader(own), ...rows]);
}
