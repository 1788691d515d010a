/** Golden queries: each beside its answer and the SQL it causes; `npx vitest run test/src/... -u` writes both anew. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { globalId } from '../../../src/graphql/ids.ts';
import type { RowType } from '../../../src/graphql/nodes/node-types.ts';
import type { Store } from '../../../store/store.ts';
import { type Api, serve } from './api.ts';

const NODE_TYPES: RowType[] = ['Model', 'Layer', 'Dataset', 'Concept', 'Image', 'Dissection', 'Unit', 'Series'];
const idsUpTo = (times: number) => ({
  ids: NODE_TYPES.flatMap((type) => Array.from({ length: times }, (_, i) => globalId(type, i + 1))).concat(globalId('Unit', 999_999)),
});

/**
 * Asks every query of a folder of stores filled once and three times over: the answer and its statements must be those
 * beside it, and three times the rows must cause as many.
 *
 * @param seed fills a store, every list `times` as long
 */
export function goldenQueries(title: string, folder: string, seed: (prisma: PrismaClient, times: number) => Promise<void>): void {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => path.basename(file, '.graphql'));

  describe(title, () => {
    let once: Api;
    let thrice: Api;

    beforeAll(async () => {
      once = await serve(({ prisma }: Store) => seed(prisma, 1));
      thrice = await serve(({ prisma }: Store) => seed(prisma, 3));
    });
    afterAll(async () => {
      await once?.close();
      await thrice?.close();
    });

    it.each(names)('%s: gives this answer by these statements, as many for three times the rows', async (name) => {
      const query = readFileSync(path.join(folder, `${name}.graphql`), 'utf8');

      const small = await run(once, query, idsUpTo(1));
      await expect(pretty(small.answer)).toMatchFileSnapshot(path.join(folder, `${name}.json`));
      await expect(`${small.statements.join(';\n\n')};\n`).toMatchFileSnapshot(path.join(folder, `${name}.sql`));

      const large = await run(thrice, query, idsUpTo(3));
      expect(large.answer.errors).toBeUndefined();
      expect(JSON.stringify(large.answer).length).toBeGreaterThan(JSON.stringify(small.answer).length);
      expect(large.statements).toEqual(small.statements);
    });
  });
}

async function run(api: Api, query: string, variables: Record<string, unknown>) {
  api.statements.length = 0;
  const answer = await api.ask(query, query.includes('$ids') ? variables : undefined);
  return { answer, statements: api.statements.map(normalise).sort() };
}

/** As the formatter leaves JSON: lists of scalars on a line. */
const pretty = (answer: unknown): string =>
  `${JSON.stringify(answer, null, 2).replaceAll(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items) => `[${items.replaceAll(/\s+/g, ' ')}]`)}\n`;

/**
 * Long lists of parameters differ only in length; which of two simultaneous statements is sent first means nothing
 * (hence sorted).
 */
const normalise = (sql: string): string =>
  sql
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (IN \(\$\d+(,\$\d+)*\)|= \$\d+)/g, ' IN ($…)')
    .replaceAll(/\$\d+/g, '$…')
    .trim();
