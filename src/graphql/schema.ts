import { existsSync, readFileSync } from 'node:fs';

/** Beside src/ in a checkout; the build lies one folder deeper. */
const file = ['../../schema.graphql', '../../../schema.graphql']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));
if (!file) throw new Error('schema.graphql is missing: it belongs beside package.json.');

/** The API's schema, as it stands in schema.graphql. */
export const typeDefs = readFileSync(file, 'utf8');
