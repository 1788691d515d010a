import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, TextFault } from '../../core/text.ts';
import { type Report, whyUnreadable } from './fault.ts';

/**
 * The lines of a list that are not empty, without spaces at their ends, with their numbers from 1. Reports a file that
 * cannot be read.
 */
export async function readLines(root: string, file: string, report: Report): Promise<{ line: number; text: string }[]> {
  const text = await readText(root, file, report);
  return text
    .split(/\r?\n/)
    .map((one, i) => ({ line: i + 1, text: one.trim() }))
    .filter((one) => one.text !== '');
}

/** A small file's text (`decodeText`); empty, with a report, where it cannot be read. */
export async function readText(root: string, file: string, report: Report): Promise<string> {
  try {
    return decodeText(await readFile(join(root, file)));
  } catch (error) {
    if (error instanceof TextFault) report({ file, line: error.line, message: error.message });
    else report({ file, line: null, message: whyUnreadable(error) });
    return '';
  }
}

/**
 * A small JSON file's content by a schema; null, with a report, where it is none.
 * @param parse throws where the content is not as it must be
 */
export async function readJson<T>(root: string, file: string, parse: (content: unknown) => T, report: Report): Promise<T | null> {
  const text = await readText(root, file, report);
  if (text === '') return null;
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    const why =
      error instanceof SyntaxError ? `is no valid JSON, or ends early: ${error.message}` : `is not as it must be: ${whyNot(error)}`;
    report({ file, line: null, message: why });
    return null;
  }
}

/** What a schema says is wrong, in one line. */
export function whyNot(error: unknown): string {
  if (error instanceof Error && 'issues' in error && Array.isArray(error.issues)) {
    const [issue] = error.issues as { path: PropertyKey[]; message: string }[];
    return `${issue.path.map(String).join('.')}: ${issue.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
