/** Whether the last part of a watched path stands for several files. */
export const isPattern = (name: string): boolean => /[*?]/.test(name);

/**
 * Whether a name fits a pattern: `*` stands for any characters, `?` for one.
 *
 * It takes at most (length of the name) x (length of the pattern) steps. Patterns come from afar, and what tries out
 * every way to share the characters among many `*`, as regular expressions do, never comes to an end.
 */
export function fitsWildcard(name: string, pattern: string): boolean {
  const [letters, wanted] = [Array.from(name), Array.from(pattern)];
  let at = 0;
  let next = 0;
  let star = -1;
  let starEnd = 0;
  while (at < letters.length) {
    if (wanted[next] === '*') {
      star = next++;
      starEnd = at;
    } else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === letters[at])) {
      at++;
      next++;
    } else if (star >= 0) {
      // The last star takes one more character; what earlier stars took need never change.
      next = star + 1;
      at = ++starEnd;
    } else return false;
  }
  while (wanted[next] === '*') next++;
  return next === wanted.length;
}
