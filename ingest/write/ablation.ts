import type { AblationMethod } from '../../prisma/generated/enums.ts';
import type { Store } from '../../store/store.ts';
import type { AblationTally } from '../math/linear/ablation-tally.ts';

export interface AblationRecord {
  layerId: number;
  /** EXACT: whose weights. */
  headId: number | null;
  datasetId: number;
  method: AblationMethod;
  parameters: Record<string, string>;
}

/** The id of the ablation that is stored under a key; null where there is none. */
export async function findAblation({ prisma }: Store, key: string): Promise<number | null> {
  return (await prisma.ablation.findUnique({ where: { key }, select: { id: true } }))?.id ?? null;
}

/**
 * Stores what zeroing each unit does to each class, whole or not at all, and gives its id. The same key again is the
 * same row.
 *
 * @param key over all that the numbers depend on, @param names of the classes
 */
export async function writeAblation(
  store: Store,
  key: string,
  record: AblationRecord,
  names: readonly string[],
  tally: AblationTally,
): Promise<number> {
  const { units, images } = tally;
  const classes = names.map((name, index) => {
    const mean = (sums: Float64Array) =>
      Array.from(sums.subarray(index * units, (index + 1) * units), (sum) => sum / Math.max(1, images[index]));
    return { index, name, imageCount: images[index], scoreDrops: mean(tally.scoreDrops), accuracyDrops: mean(tally.losses) };
  });
  const imageCount = images.reduce((sum, count) => sum + count, 0);
  const data = { ...record, key, imageCount, classes: { create: classes } };
  // Of two who store it at once the second finds the first one's
  const created = await store.prisma.ablation.create({ data, select: { id: true } }).catch(async (error) => {
    const id = await findAblation(store, key);
    if (id === null) throw error;
    return { id };
  });
  return created.id;
}
