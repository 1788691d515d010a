import { floatBytes } from '../../core/floats.ts';
import { keyOf } from '../../core/key.ts';
import type { HeadKind } from '../../prisma/generated/enums.ts';
import { copyRows } from '../../store/copy/rows.ts';
import type { Store } from '../../store/store.ts';
import { inTransaction } from '../../store/transaction.ts';

export interface HeadRecord {
  layerId: number;
  kind: HeadKind;
  /** SVM: what it was trained on. */
  datasetId: number | null;
  parameters: Record<string, unknown>;
  classes: readonly { name: string; weights: Float32Array; bias: number }[];
}

const CLASS = { head_id: 'int4', index: 'int4', name: 'text', weights: 'bytea', bias: 'float8' } as const;

/** The id of a head that is stored under a key; null where there is none. */
export async function findHead({ prisma }: Store, key: string): Promise<number | null> {
  return (await prisma.head.findUnique({ where: { key }, select: { id: true } }))?.id ?? null;
}

/**
 * Stores a head with its classes, whole or not at all, and gives its id. The same key again is the same row.
 *
 * @param identity all that the weights depend on
 */
export async function writeHead(store: Store, identity: unknown, { classes, ...head }: HeadRecord): Promise<number> {
  const key = keyOf(identity);
  const id = await inTransaction(store.pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO heads (layer_id, kind, dataset_id, parameters, key) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING RETURNING id`,
      [head.layerId, head.kind, head.datasetId, head.parameters, key],
    );
    if (rows.length === 0) return null;
    const of = classes.map(({ name, weights, bias }, index) => ({ head_id: rows[0].id, index, name, weights: floatBytes(weights), bias }));
    await copyRows(client, 'head_classes', CLASS, of);
    return rows[0].id;
  });
  return id ?? ((await findHead(store, key)) as number);
}
