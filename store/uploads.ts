/**
 * Images that people send in to have them explained. The bytes are kept as they came; who explains them decodes them.
 */
import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { DissectoryError } from '../core/errors.ts';
import type { Image } from '../prisma/generated/client.ts';
import type { Store } from './store.ts';
import { inTransaction } from './transaction.ts';

/** The dataset that they belong to. */
export const UPLOADS_SLUG = 'uploads';
/** Of the file as it is sent: 20 MB. */
export const MOST_UPLOAD_BYTES = 20_000_000;
/** Of the image that it becomes: 50 megapixels. */
export const MOST_UPLOAD_PIXELS = 50_000_000;
/** Of its longer side: nobody looks at a picture of one pixel by millions, and every size of it is as large. */
const MOST_UPLOAD_SIDE = 30_000;

export interface UploadFacts {
  /** What its sender calls it; only shown. */
  name: string;
  /** As the file's header says, before any turning. */
  height: number;
  width: number;
}

/**
 * Stores an image that was sent in, whole or not at all. The same bytes again are the same row, under the name given
 * first.
 *
 * @throws BAD_IMAGE where it is larger than the limits above, CONFLICT where another dataset is called `uploads`
 */
export async function storeUpload(store: Store, bytes: Uint8Array, facts: UploadFacts): Promise<Image> {
  if (bytes.length > MOST_UPLOAD_BYTES || facts.height * facts.width > MOST_UPLOAD_PIXELS) {
    const found = `${(bytes.length / 1e6).toFixed(1)} MB, ${facts.width} x ${facts.height} pixels`;
    const message = `The image is too large (${found}): at most ${MOST_UPLOAD_BYTES / 1e6} MB and ${MOST_UPLOAD_PIXELS / 1e6} megapixels are taken.`;
    throw new DissectoryError('BAD_IMAGE', message);
  }
  if (Math.max(facts.height, facts.width) > MOST_UPLOAD_SIDE) {
    throw new DissectoryError(
      'BAD_IMAGE',
      `The image is too long (${facts.width} x ${facts.height}): sides have at most ${MOST_UPLOAD_SIDE} pixels.`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const known = await store.prisma.image.findFirst({ where: { sha256, dataset: { kind: 'UPLOADS' } } });
  return known ?? store.prisma.image.findUniqueOrThrow({ where: { id: await insert(store, bytes, sha256, facts) } });
}

function insert(store: Store, bytes: Uint8Array, sha256: string, { name, height, width }: UploadFacts): Promise<number> {
  return inTransaction(store.pool, async (client) => {
    const dataset = await lockDataset(client);
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO images (dataset_id, index, file, split, height, width, mask_height, mask_width, sha256)
       VALUES ($1, $2, $3, 'upload', $4, $5, $4, $5, $6) ON CONFLICT (dataset_id, sha256) DO NOTHING RETURNING id`,
      [dataset.id, dataset.imageCount, shownName(name), height, width, sha256],
    );
    if (rows.length === 0) {
      const same = await client.query<{ id: number }>('SELECT id FROM images WHERE dataset_id = $1 AND sha256 = $2', [dataset.id, sha256]);
      return same.rows[0].id;
    }
    await client.query('INSERT INTO uploads (image_id, bytes) VALUES ($1, $2)', [rows[0].id, bytes]);
    await client.query('UPDATE datasets SET image_count = image_count + 1 WHERE id = $1', [dataset.id]);
    return rows[0].id;
  });
}

/** One upload at a time takes the next place in the dataset, which the first of them makes. */
async function lockDataset(client: PoolClient): Promise<{ id: number; imageCount: number }> {
  await client.query(
    `INSERT INTO datasets (slug, name, kind, image_count) SELECT $1, 'Uploads', 'UPLOADS', 0
     WHERE NOT EXISTS (SELECT FROM datasets WHERE slug = $1) ON CONFLICT (slug) DO NOTHING`,
    [UPLOADS_SLUG],
  );
  const { rows } = await client.query<{ id: number; kind: string; image_count: number }>(
    'SELECT id, kind, image_count FROM datasets WHERE slug = $1 FOR NO KEY UPDATE',
    [UPLOADS_SLUG],
  );
  if (rows[0].kind === 'UPLOADS') return { id: rows[0].id, imageCount: rows[0].image_count };
  throw new DissectoryError(
    'CONFLICT',
    `A dataset of another kind is called "${UPLOADS_SLUG}", which is kept for images that are sent in.`,
  );
}

/** The last part of a path, of characters that PostgreSQL keeps and people can read. */
function shownName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  return last.replaceAll(/\p{Cc}/gu, '').slice(0, 200) || 'image';
}
