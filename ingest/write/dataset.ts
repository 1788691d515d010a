import type { PoolClient } from 'pg';
import { DissectoryError } from '../../core/errors.ts';
import type { Dataset } from '../../prisma/generated/client.ts';
import type { DatasetKind } from '../../prisma/generated/enums.ts';
import { copyRows } from '../../store/copy/rows.ts';
import type { Store } from '../../store/store.ts';
import { inTransaction } from '../../store/transaction.ts';
import { UPLOADS_SLUG } from '../../store/uploads.ts';
import type { Fingerprinted } from '../dataset/open.ts';

export interface Named {
  slug: string;
  name: string;
}

/** What of a densely labelled dataset is stored. */
export type Registrable = Omit<Fingerprinted, 'files' | 'readImage' | 'readLabels' | 'labelNames'>;

/** What the store keeps of a dataset, but for its rows. */
export interface DatasetFacts {
  kind: Exclude<DatasetKind, 'UPLOADS'>;
  root: string;
  /** BRODEN: in which it lies there. */
  format: string | null;
  imageFolder: string;
  sha256: string;
  imageCount: number;
  /** LABELLED. */
  classes: readonly string[];
}

/**
 * Stores a dataset with its categories, concepts and images, whole or not at all.
 *
 * The same content under the same slug again is the same row, with the name and the folder given last.
 * Throws CONFLICT where the slug belongs to another content.
 */
export function registerDataset(store: Store, dataset: Registrable, named: Named): Promise<Dataset> {
  const facts = { ...dataset, kind: 'BRODEN', imageCount: dataset.rows.length, classes: [] } as const;
  return storeDataset(store, facts, named, (client, id) => copyContent(client, id, dataset));
}

/** The same for a dataset of any kind. @param copy stores what belongs to a new row, in the same transaction */
export async function storeDataset(
  store: Store,
  { kind, root, format, imageFolder, sha256, imageCount, classes }: DatasetFacts,
  { slug, name }: Named,
  copy: (client: PoolClient, datasetId: number) => Promise<void>,
): Promise<Dataset> {
  if (slug === UPLOADS_SLUG) throw new DissectoryError('BAD_INPUT', `"${slug}" is kept for images that are sent in: choose another slug.`);
  const id = await inTransaction(store.pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO datasets (slug, name, kind, path, format, image_folder, sha256, image_count, classes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (slug) DO NOTHING RETURNING id`,
      [slug, name, kind, root, format, imageFolder, sha256, imageCount, classes],
    );
    if (rows.length === 0) return renew(client, { root, sha256 }, { slug, name });
    await copy(client, rows[0].id);
    return rows[0].id;
  });
  return store.prisma.dataset.findUniqueOrThrow({ where: { id } });
}

async function renew(client: PoolClient, { root, sha256 }: Pick<DatasetFacts, 'root' | 'sha256'>, { slug, name }: Named): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    'UPDATE datasets SET name = $2, path = $3 WHERE slug = $1 AND sha256 = $4 RETURNING id',
    [slug, name, root, sha256],
  );
  if (rows.length > 0) return rows[0].id;
  throw new DissectoryError('CONFLICT', `Dataset "${slug}" exists with another content than ${root}: choose another slug.`);
}

const CATEGORY = { dataset_id: 'int4', category: 'text', index: 'int4' } as const;
const CONCEPT = {
  ...CATEGORY,
  number: 'int4',
  name: 'text',
  synonyms: 'text[]',
  frequency: 'int4',
  coverage: 'float8',
} as const;
export const IMAGE_COLUMNS = {
  dataset_id: 'int4',
  index: 'int4',
  file: 'text',
  split: 'text',
  height: 'int4',
  width: 'int4',
  mask_height: 'int4',
  mask_width: 'int4',
} as const;

async function copyContent(client: PoolClient, dataset_id: number, { categories, concepts, rows }: Registrable): Promise<void> {
  const categoryRows = categories.map((category, index) => ({ dataset_id, category, index }));
  const conceptRows = concepts.map((concept) => ({ frequency: 0, coverage: 0, ...concept, dataset_id }));
  const imageRows = rows.map(({ maskHeight, maskWidth, ...row }) => ({
    ...row,
    dataset_id,
    mask_height: maskHeight,
    mask_width: maskWidth,
  }));
  await copyRows(client, 'dataset_categories', CATEGORY, categoryRows);
  await copyRows(client, 'concepts', CONCEPT, conceptRows);
  await copyRows(client, 'images', IMAGE_COLUMNS, imageRows);
}
