import type { Layer } from '../../prisma/generated/client.ts';
import type { Store } from '../../store/store.ts';

export interface UnitLabel {
  label: string | null;
  iou: number;
}

/**
 * What the units of a layer detect, by the dissection in their own basis that was stored last, in the order of units; empty where there is none.
 * A layer that was dissected by another of its names counts: it has the same place in the graph.
 */
export async function unitLabels({ prisma }: Store, { modelId, index, unitCount }: Layer): Promise<UnitLabel[]> {
  const dissection = await prisma.dissection.findFirst({
    where: { current: true, basis: 'IDENTITY', layer: { modelId, index, unitCount } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    include: { units: { orderBy: { index: 'asc' }, select: { iou: true, label: { select: { name: true } } } } },
  });
  return dissection?.units.map(({ iou, label }) => ({ iou, label: label?.name ?? null })) ?? [];
}
