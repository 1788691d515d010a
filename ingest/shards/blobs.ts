/** What steps of a sharded dissection leave in the store for the next ones: values by name, in rows of bounded size. */
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Pool, PoolClient } from 'pg';
import type { Attempt } from '../queue/claim.ts';

/** Bytes of a row. */
const PIECE = 4 * 2 ** 20;
/** Halves candidates at some 200 MB/s, which is faster than they are written; more effort gains next to nothing. */
const QUICKLY = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Stores bytes. Throws where the job has been removed meanwhile. */
export async function writeBytes(client: Pool | PoolClient, { id, attempts }: Attempt, name: string, bytes: Uint8Array): Promise<void> {
  const packed = await compress(bytes, QUICKLY);
  for (let piece = 0; piece === 0 || piece * PIECE < packed.length; piece++) {
    await client.query('INSERT INTO job_blobs (job_id, attempt, name, piece, bytes) VALUES ($1, $2, $3, $4, $5)', [
      id,
      attempts,
      name,
      piece,
      packed.subarray(piece * PIECE, (piece + 1) * PIECE),
    ]);
  }
}

/** Throws where there are none. */
export async function readBytes(client: Pool | PoolClient, { id, attempts }: Attempt, name: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (;;) {
    const { rows } = await client.query<{ bytes: Buffer }>(
      'SELECT bytes FROM job_blobs WHERE job_id = $1 AND attempt = $2 AND name = $3 AND piece = $4',
      [id, attempts, name, pieces.length],
    );
    if (rows.length === 0) break;
    pieces.push(rows[0].bytes);
    if (rows[0].bytes.length < PIECE) break;
  }
  if (pieces.length === 0) throw new Error(`job ${id} has left no ${name}`);
  return decompress(Buffer.concat(pieces));
}

/** Stores a value of plain objects, numbers and typed arrays. Throws as `writeBytes`. */
export const writeValue = (client: Pool | PoolClient, owner: Attempt, name: string, value: unknown): Promise<void> =>
  writeBytes(client, owner, name, serialize(value));

/** Throws as `readBytes`. */
export const readValue = async <T>(client: Pool | PoolClient, owner: Attempt, name: string): Promise<T> =>
  deserialize(await readBytes(client, owner, name));

/** Removes what attempts before this one have left. */
export async function forgetEarlier(pool: Pool, { id, attempts }: Attempt): Promise<void> {
  await pool.query('DELETE FROM job_blobs WHERE job_id = $1 AND attempt < $2', [id, attempts]);
}
