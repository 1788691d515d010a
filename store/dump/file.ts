/**
 * The form of a dump: gzip of text lines. A line of JSON says what it is, another begins each table; its rows follow as
 * COPY writes them.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { DissectoryError } from '../../core/errors.ts';

export const FORM = 'dissectory store 1';
/** COPY's own end of data in text; no row looks like that. */
export const END_OF_ROWS = '\\.\n';

export const headerShape = z.object({
  form: z.literal(FORM),
  dissectory: z.string(),
  postgres: z.string(),
  written: z.string(),
  /** Of the database, oldest first. */
  migrations: z.array(z.string()).min(1),
});
export type Header = z.infer<typeof headerShape>;

export const partShape = z.union([
  z.object({ table: z.string(), columns: z.array(z.string()) }),
  z.object({ sequences: z.record(z.string(), z.string()) }),
  z.object({ schedules: z.array(z.object({ name: z.string(), cron: z.string(), tz: z.string(), request: z.unknown() })) }),
  z.object({ end: z.literal(true) }),
]);
export type Part = z.infer<typeof partShape>;

/** Reads a dump from front to back. */
export interface DumpReader {
  header: Header;
  /**
   * The next part; the rows of the last one must have been read. Throws BAD_INPUT where the file is cut off or damaged.
   */
  part(): Promise<Part>;
  /** The rows of the table whose part was read last. */
  rows(): AsyncGenerator<Buffer>;
  /** What to throw where a part is not what it should be. */
  damaged(cause: unknown): DissectoryError;
  close(): void;
}

/** Opens a dump. Throws BAD_INPUT where it is none, NOT_FOUND where there is no such file. */
export async function openDump(file: string): Promise<DumpReader> {
  const source = createReadStream(file);
  const lines = pipeline(source, createGunzip(), () => {});
  const chunks = lines[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  async function more(): Promise<void> {
    const { value, done } = await chunks.next().catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT' || cause.code === 'EISDIR')
        throw new DissectoryError('NOT_FOUND', `There is no file ${file}: see to the spelling.`);
      throw damaged(file, cause);
    });
    if (done) throw damaged(file);
    held = Buffer.concat([held, value as Buffer]);
  }

  async function line(): Promise<unknown> {
    for (;;) {
      const end = held.indexOf('\n');
      if (end >= 0) {
        const text = held.subarray(0, end).toString('utf8');
        held = held.subarray(end + 1);
        try {
          return JSON.parse(text);
        } catch (cause) {
          throw damaged(file, cause);
        }
      }
      if (held.length > 2 ** 24) throw damaged(file);
      await more();
    }
  }

  async function* rows(): AsyncGenerator<Buffer> {
    for (let startsLine = true; ; ) {
      if (held.length < END_OF_ROWS.length) {
        await more();
        continue;
      }
      if (startsLine && held.subarray(0, END_OF_ROWS.length).toString('latin1') === END_OF_ROWS) {
        held = held.subarray(END_OF_ROWS.length);
        return;
      }
      const end = held.indexOf(`\n${END_OF_ROWS}`);
      // What may be the beginning of the end stays
      const part = held.subarray(0, end >= 0 ? end + 1 : held.length - END_OF_ROWS.length);
      held = held.subarray(part.length);
      if (part.length > 0) {
        startsLine = part.at(-1) === 10;
        yield part;
      } else await more();
    }
  }

  try {
    const header = headerShape.safeParse(await line());
    if (!header.success) throw damaged(file, header.error);
    const part = async () => {
      const read = partShape.safeParse(await line());
      if (!read.success) throw damaged(file, read.error);
      return read.data;
    };
    return { header: header.data, part, rows, damaged: (cause) => damaged(file, cause), close: () => void source.destroy() };
  } catch (error) {
    source.destroy();
    throw error;
  }
}

const damaged = (file: string, cause?: unknown) =>
  new DissectoryError(
    'BAD_INPUT',
    `${file} is no whole dump of a store (as \`dissectory store dump\` writes it): it is cut off, damaged, or something else.`,
    {
      cause,
    },
  );
