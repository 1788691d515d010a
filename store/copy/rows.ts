import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Columns, Row } from './columns.ts';
import { createEncoder } from './encoder.ts';

const CHUNK = 1 << 16;

/**
 * Writes rows by binary COPY, taking them from the iterable only as fast as the server takes them.
 *
 * Throws the iterable's own error, a RangeError where a value does not fit its column, or the server's error; none of
 * the rows is written then.
 *
 * @example
 * await copyRows(client, 'series', { slug: 'text', name: 'text' }, [{ slug: 'vgg', name: 'VGG' }]);
 */
export async function copyRows<const C extends Columns>(
  client: ClientBase,
  table: string,
  columns: C,
  rows: Iterable<Row<C>> | AsyncIterable<Row<C>>,
): Promise<void> {
  const names = Object.keys(columns).map((name) => `"${name}"`);
  const sink = client.query(copyFrom(`COPY "${table}" (${names.join(', ')}) FROM STDIN (FORMAT binary)`));
  await pipeline(Readable.from(encode(columns, rows), { highWaterMark: 1 }), sink);
}

async function* encode<C extends Columns>(columns: C, rows: Iterable<Row<C>> | AsyncIterable<Row<C>>): AsyncGenerator<Buffer> {
  const encoder = createEncoder(columns);
  for await (const row of rows) {
    encoder.add(row);
    if (encoder.size() >= CHUNK) yield encoder.take();
  }
  yield encoder.finish();
}
