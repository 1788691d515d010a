import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of package.json: above the sources, and above the build. */
export const PACKAGE_ROOT: string = rootAbove(import.meta.dirname);

/** The version of this code as results record it. */
export const CODE_VERSION: string = (JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string })
  .version;

function rootAbove(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : rootAbove(path.dirname(folder));
}
