/**
 * npm run lock: says in package-lock.json what npm cannot know. To be run after each `npm install PACKAGE`.
 *
 * - onnxruntime-node has an install script that downloads CUDA's libraries. npm runs the scripts of packages that the
 * lock says have some.
 * - A few packages ask for a newer Node than they need: the tests run them on the oldest that package.json promises.
 */
import fs from 'node:fs';
import path from 'node:path';

export interface LockedPackage {
  hasInstallScript?: boolean;
  engines?: unknown;
}

/** What is to be said otherwise of a package: it is one of these where the lock was not mended. */
export function unmended(name: string, { hasInstallScript, engines }: LockedPackage): boolean {
  return (SCRIPT_NOT_RUN.includes(name) && hasInstallScript === true) || (RUNS_ON_NODE_20.includes(name) && engines !== undefined);
}

const SCRIPT_NOT_RUN = ['onnxruntime-node'];
const RUNS_ON_NODE_20 = [
  'pg-boss',
  ...['@whatwg-node/disposablestack', '@whatwg-node/fetch', '@whatwg-node/node-fetch', '@whatwg-node/promise-helpers'],
  ...['@prisma/streams-local', 'listr2', 'sync-fetch'],
];

/** Of `node_modules/a/node_modules/@b/c`: `@b/c`. */
export const nameOf = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

if (process.argv[1] === import.meta.filename) {
  const file = path.join(import.meta.dirname, '..', 'package-lock.json');
  const lock = JSON.parse(fs.readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> };
  for (const [place, locked] of Object.entries(lock.packages)) {
    if (!unmended(nameOf(place), locked)) continue;
    if (SCRIPT_NOT_RUN.includes(nameOf(place))) delete locked.hasInstallScript;
    else delete locked.engines;
  }
  fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
