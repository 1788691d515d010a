import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * A path below `shared/` beside the checkout, where the large golden data lies; null, with one printed line, where this
 * machine has none. Throws on CI, which must not pass by skipping.
 */
export function sharedPath(...parts: string[]): string | null {
  const path = join(resolve(import.meta.dirname, '../../shared'), ...parts);
  if (existsSync(path)) return path;
  if (process.env.CI === 'true') throw new Error(`${path} is missing, and the golden tests need it on CI`);
  console.log(`skipped: ${path} is missing`);
  return null;
}
