import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from './package.ts';

/** A folder of prisma/migrations. */
export interface Migration {
  name: string;
  sql: string;
  /** sha256 of the file, as Prisma keeps it. */
  checksum: string;
}

/** The migrations that this code knows, oldest first. */
export function readMigrations(folder: string = path.join(PACKAGE_ROOT, 'prisma', 'migrations')): Migration[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = fs.readFileSync(path.join(folder, name, 'migration.sql'));
      return { name, sql: sql.toString('utf8'), checksum: createHash('sha256').update(sql).digest('hex') };
    });
}
