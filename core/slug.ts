import { DissectoryError } from './errors.ts';

/** A name that people type: letters, digits, `.`, `_`, `@`, `-`, beginning with a letter or digit. Throws BAD_INPUT. */
export function requireSlug(slug: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._@-]*$/.test(slug)) return slug;
  throw new DissectoryError('BAD_INPUT', `"${slug}" cannot be a slug: use letters, digits and . _ @ - and begin with a letter or a digit.`);
}
