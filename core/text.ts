import { isUtf8 } from 'node:buffer';

/** What is wrong with a text file. */
export class TextFault extends Error {
  override readonly name = 'TextFault';
  /** From 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const NUL = 'holds a NUL character, which no text may; remove it';

/**
 * Refuses bytes that are no text: what is not UTF-8 would be stored with its letters lost.
 *
 * Throws a TextFault with the first line that is wrong.
 *
 * @param bytes whole lines, @param firstLine of theirs
 */
export function requireText(bytes: Uint8Array, firstLine = 1): void {
  if (isUtf8(bytes) && !bytes.includes(0)) return;
  for (let line = firstLine, from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end;
    const one = bytes.subarray(from, to);
    if (one.includes(0)) throw new TextFault(line, NUL);
    if (!isUtf8(one)) {
      const latin = Buffer.from(one).toString('latin1').trim().slice(0, 60);
      throw new TextFault(line, `is not UTF-8 (read as Latin-1 it says "${latin}"); save the file as UTF-8`);
    }
    from = to + 1;
  }
}

/** Whether a file begins as UTF-16 does: its byte order mark says so. */
export const isUtf16 = (bytes: Uint8Array): boolean => (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);

/** A text file's content, without its byte order mark: UTF-8, or UTF-16 where that mark says so. Throws a TextFault. */
export function decodeText(bytes: Uint8Array): string {
  if (isUtf16(bytes)) {
    const text = new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
    if (text.includes('\0')) throw new TextFault(text.slice(0, text.indexOf('\0')).split('\n').length, NUL);
    return text;
  }
  requireText(bytes);
  return new TextDecoder().decode(bytes);
}
