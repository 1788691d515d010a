/** What steps of a sharded dissection leave in the store for the next ones: values by name, in rows of bounded size. */
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { escapeLiteral, type Pool, type PoolClient } from 'pg';
import { to } from 'pg-copy-streams';
import type { Attempt } from '../claim.ts';

/** Bytes of a row. */
const PIECE = 4 * 2 ** 20;
/** Halves candidates at some 200 MB/s, which is faster than they are written; more effort gains next to nothing. */
const QUICKLY = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
/** Of what is handed on at a time: the 16 kB that are usual keep the garbage collector busy. */
const CHUNK = { chunkSize: 2 ** 20 };

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Stores bytes. Throws where the job has been removed meanwhile. */
export async function writeBytes(client: Pool | PoolClient, { id, attempts }: Attempt, name: string, bytes: Uint8Array): Promise<void> {
  const packed = await compress(bytes, { ...CHUNK, ...QUICKLY });
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
export async function readBytes(pool: Pool, { id, attempts }: Attempt, name: string): Promise<Buffer> {
  const rows = `SELECT bytes FROM job_blobs WHERE job_id = ${id} AND attempt = ${attempts} AND name = ${escapeLiteral(name)} ORDER BY piece`;
  const pieces = piecesOf(await copied(pool, `COPY (${rows}) TO STDOUT (FORMAT binary)`));
  if (pieces.length === 0) throw new Error(`job ${id} has left no ${name}`);
  return decompress(Buffer.concat(pieces), CHUNK);
}

/** By COPY, since the answer to a query would come in hexadecimal digits. */
async function copied(pool: Pool, statement: string): Promise<Buffer> {
  const client = await pool.connect();
  try {
    const parts: Buffer[] = [];
    for await (const part of client.query(to(statement))) parts.push(part);
    return Buffer.concat(parts);
  } finally {
    client.release();
  }
}

/**
 * PostgreSQL's binary COPY format: a header of 19 bytes, then for each row the number of fields (-1 at the end), and
 * each field's length and bytes.
 */
function piecesOf(copy: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 19; copy.readInt16BE(at) === 1; ) {
    const end = at + 6 + copy.readInt32BE(at + 2);
    pieces.push(copy.subarray(at + 6, end));
    at = end;
  }
  return pieces;
}

/** Stores a value of plain objects, numbers and typed arrays. Throws as `writeBytes`. */
export const writeValue = (client: Pool | PoolClient, owner: Attempt, name: string, value: unknown): Promise<void> =>
  writeBytes(client, owner, name, serialize(value));

/** Throws as `readBytes`. */
export const readValue = async <T>(pool: Pool, owner: Attempt, name: string): Promise<T> => deserialize(await readBytes(pool, owner, name));

/** Removes what attempts before this one have left. */
export async function forgetEarlier(pool: Pool, { id, attempts }: Attempt): Promise<void> {
  await pool.query('DELETE FROM job_blobs WHERE job_id = $1 AND attempt < $2', [id, attempts]);
}
