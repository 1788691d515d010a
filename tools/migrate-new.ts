/**
 * npm run migrate:new -- NAME: writes prisma/migrations/<time>_NAME/migration.sql from what changed in schema.prisma.
 *
 * It needs no database server of yours: the migrations are replayed in an embedded one that is made for it.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openEmbedded } from '../store/embedded/open.ts';

const MIGRATIONS = 'prisma/migrations';

process.chdir(path.join(import.meta.dirname, '..'));
const name = process.argv[2] ?? '';
if (!/^\w+$/.test(name)) fail('usage: npm run migrate:new -- NAME (letters, digits and _)');

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-migrate-'));
fs.chmodSync(home, 0o755); // run by root, PostgreSQL has an account of its own
const server = await openEmbedded(home);
const args = ['prisma', 'migrate', 'diff', '--from-migrations', MIGRATIONS, '--to-schema', 'prisma/schema.prisma', '--script'];
const { status, stdout } = spawnSync('npx', args, {
  encoding: 'utf8',
  env: { ...process.env, DATABASE_URL: server.url },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await server.close();
fs.rmSync(home, { recursive: true });

if (status !== 0) fail('Prisma could not compare the migrations with prisma/schema.prisma.');
if (/^-- This is an empty migration/m.test(stdout)) {
  console.log('prisma/schema.prisma has not changed: there is no migration to write.');
} else {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = `${MIGRATIONS}/${time}_${name}`;
  fs.mkdirSync(folder);
  fs.writeFileSync(`${folder}/migration.sql`, stdout);
  console.log(`${folder}/migration.sql`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
