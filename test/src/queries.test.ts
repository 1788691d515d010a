/** Each main query beside its answer and the SQL it causes: `npx vitest run test/src/queries.test.ts -u` writes both anew. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../prisma/store.ts';
import { globalId } from '../../src/ids.ts';
import type { NodeType } from '../../src/rows.ts';
import { type Api, serve } from './api.ts';
import { seed } from './seed.ts';

const FOLDER = path.join(import.meta.dirname, 'queries');
const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => path.basename(file, '.graphql'));

const NODE_TYPES: NodeType[] = ['Model', 'Layer', 'Dataset', 'Concept', 'Image', 'Dissection', 'Unit', 'Series'];
const idsUpTo = (times: number) => ({
  ids: NODE_TYPES.flatMap((type) => Array.from({ length: times }, (_, i) => globalId(type, i + 1))).concat(globalId('Unit', 999_999)),
});

describe('the main queries', () => {
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

  it.each(NAMES)('%s: gives this answer by these statements, as many for three times the rows', async (name) => {
    const query = readFileSync(path.join(FOLDER, `${name}.graphql`), 'utf8');

    const small = await run(once, query, idsUpTo(1));
    await expect(pretty(small.answer)).toMatchFileSnapshot(path.join(FOLDER, `${name}.json`));
    await expect(`${small.statements.join(';\n\n')};\n`).toMatchFileSnapshot(path.join(FOLDER, `${name}.sql`));

    const large = await run(thrice, query, idsUpTo(3));
    expect(large.answer.errors).toBeUndefined();
    expect(JSON.stringify(large.answer).length).toBeGreaterThan(JSON.stringify(small.answer).length);
    expect(large.statements).toEqual(small.statements);
  });
});

async function run(api: Api, query: string, variables: Record<string, unknown>) {
  api.statements.length = 0;
  const answer = await api.ask(query, query.includes('$ids') ? variables : undefined);
  return { answer, statements: api.statements.map(normalise).sort() };
}

/** As the formatter leaves JSON: lists of scalars on a line. */
const pretty = (answer: unknown): string =>
  `${JSON.stringify(answer, null, 2).replaceAll(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items) => `[${items.replaceAll(/\s+/g, ' ')}]`)}\n`;

/** Long lists of parameters differ only in length; which of two simultaneous statements is sent first means nothing (hence sorted). */
const normalise = (sql: string): string =>
  sql
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (IN \(\$\d+(,\$\d+)*\)|= \$\d+)/g, ' IN ($…)')
    .replaceAll(/\$\d+/g, '$…')
    .trim();
