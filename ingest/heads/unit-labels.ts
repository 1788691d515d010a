import { DEFAULT_TAU } from '../../core/defaults.ts';
import type { Layer } from '../../prisma/generated/client.ts';
import { unitDissections } from '../../store/results/unit-dissections.ts';
import type { Store } from '../../store/store.ts';

export interface UnitLabel {
  label: string | null;
  iou: number;
}

/**
 * What the units of a layer detect, in the order of units; empty where it has not been dissected (see
 * `unitDissections`).
 */
export async function unitLabels({ prisma, pool }: Store, layer: Pick<Layer, 'id'>, dataset: string | null): Promise<UnitLabel[]> {
  const [found] = await unitDissections(pool, [layer.id], { dataset, tau: DEFAULT_TAU });
  if (!found) return [];
  const units = await prisma.unit.findMany({
    where: { dissectionId: found.dissectionId },
    orderBy: { index: 'asc' },
    select: { iou: true, label: { select: { name: true } } },
  });
  return units.map(({ iou, label }) => ({ iou, label: label?.name ?? null }));
}
