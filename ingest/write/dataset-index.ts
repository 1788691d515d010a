import type { PoolClient } from 'pg';
import { copyRows } from '../../store/copy/rows.ts';
import type { Store } from '../../store/store.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import { type Looks, sharesOf } from '../dataset/index/looks.ts';
import { PATTERNS } from '../dataset/index/patterns.ts';

export async function isIndexed({ prisma }: Store, datasetId: number): Promise<boolean> {
  return (await prisma.conceptProfile.findFirst({ where: { concept: { datasetId } } })) !== null;
}

const CONCEPT_IMAGE = { concept_id: 'int4', image_id: 'int4', pixels: 'int4', coverage: 'float8' } as const;

/** Stores of before kept what a table said of how often a concept is seen. */
const COUNTED_AGAIN = `
  UPDATE concepts c SET frequency = counted.frequency, coverage = counted.coverage
  FROM (
    SELECT c.id, count(i.concept_id)::int AS frequency, coalesce(sum(i.coverage), 0) AS coverage
    FROM concepts c LEFT JOIN concept_images i ON i.concept_id = c.id WHERE c.dataset_id = $1 GROUP BY c.id
  ) counted
  WHERE c.id = counted.id`;

/**
 * Stores concept images and profiles, all or nothing; where somebody else stored them in this moment, nothing is
 * written.
 *
 * @param images mask pixels of each concept, one map an image
 */
export async function writeIndex(
  store: Store,
  datasetId: number,
  dense: DenseDataset,
  images: readonly ReadonlyMap<number, number>[],
  looks: Looks,
): Promise<void> {
  await inTransaction(store.pool, async (client) => {
    const concepts = await idsByIndex(client, 'concepts', datasetId);
    const imageIds = await idsByIndex(client, 'images', datasetId);
    if (!(await writeProfiles(client, concepts, looks))) return;
    await copyRows(client, 'concept_images', CONCEPT_IMAGE, rowsOf(dense, images, concepts, imageIds));
    await client.query(COUNTED_AGAIN, [datasetId]);
  });
}

function* rowsOf(
  { rows }: DenseDataset,
  images: readonly ReadonlyMap<number, number>[],
  concepts: readonly number[],
  imageIds: readonly number[],
) {
  for (const [image, pixelsOf] of images.entries()) {
    const area = rows[image].maskHeight * rows[image].maskWidth;
    for (const [concept, pixels] of pixelsOf) {
      yield { concept_id: concepts[concept], image_id: imageIds[image], pixels, coverage: pixels / area };
    }
  }
}

async function writeProfiles(client: PoolClient, concepts: readonly number[], looks: Looks): Promise<boolean> {
  for (const [concept, id] of concepts.entries()) {
    const colors = sharesOf(looks.colors, concept * looks.colorCount, (concept + 1) * looks.colorCount);
    const patterns = sharesOf(looks.patterns, concept * PATTERNS, (concept + 1) * PATTERNS);
    const { rowCount } = await client.query(
      'INSERT INTO concept_profiles (concept_id, colors, patterns) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [id, colors, patterns],
    );
    if (rowCount === 0) return false;
  }
  return true;
}

async function idsByIndex(client: PoolClient, table: 'concepts' | 'images', datasetId: number): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(`SELECT id FROM ${table} WHERE dataset_id = $1 ORDER BY index`, [datasetId]);
  return rows.map(({ id }) => id);
}
