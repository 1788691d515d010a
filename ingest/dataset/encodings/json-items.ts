import { createReadStream } from 'node:fs';

/** An item of an array of objects that stands at the top of a JSON file. */
export interface JsonItem {
  /** Of the array. */
  key: string;
  /** Place in the array, from 0. */
  index: number;
  value: unknown;
  /** Where it stands in the file, in bytes. */
  start: number;
  length: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = ['"', '\\', ',', ':'].map((one) => one.charCodeAt(0));
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = ['{', '}', '[', ']'].map((one) => one.charCodeAt(0));
const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xef || byte === 0xbb || byte === 0xbf;

/**
 * Streams the items of some of the arrays in a JSON file's top object, whatever the file's size; other members are
 * passed over.
 *
 * Throws a plain Error, to be read after the file's name, where the file ends early or an item is no object; what
 * `createReadStream` throws otherwise.
 */
export async function* jsonItems(path: string, wanted: readonly string[]): AsyncGenerator<JsonItem> {
  let depth = 0;
  let [isText, isEscaped] = [false, false];
  let key = '';
  let keyStart = -1; // in `held`, while a key is read
  let isKeyDue = false;
  let item = -1; // where the item began in the file
  let index = 0;
  let isWantedArray = false;
  let held: Buffer = Buffer.alloc(0); // what an item or key began with, in earlier chunks
  let heldFrom = 0;
  let at = 0; // of the chunk's first byte in the file
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes: Buffer = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    const base = at - held.length;
    if (held.length > 0 && heldFrom !== base) throw new Error('lost its place'); // cannot be
    for (let i = held.length; i < bytes.length; i++) {
      const byte = bytes[i];
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isText = false;
          if (keyStart >= 0) {
            key = JSON.parse(bytes.toString('utf8', keyStart - base, i + 1));
            keyStart = -1;
            isKeyDue = false;
          }
        }
        continue;
      }
      if (byte === QUOTE) {
        isText = true;
        if (depth === 1 && isKeyDue) keyStart = base + i;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (depth === 0 && byte !== OPEN_OBJECT) throw new Error('holds no JSON object');
        if (depth === 0) isKeyDue = true;
        if (depth === 1 && byte === OPEN_ARRAY) {
          isWantedArray = wanted.includes(key);
          index = 0;
        }
        if (depth === 2 && isWantedArray) {
          if (byte !== OPEN_OBJECT) throw new Error(`has an entry of "${key}" that is no object`);
          item = base + i;
        }
        depth++;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        depth--;
        if (depth === 2 && item >= 0) {
          yield { key, index: index++, value: parse(bytes.subarray(item - base, i + 1), key), start: item, length: base + i + 1 - item };
          item = -1;
        }
        if (depth === 1) isWantedArray = false;
      } else if (depth === 1 && byte === COMMA) isKeyDue = true;
      else if (depth === 0 && !isSpace(byte)) throw new Error('holds no JSON object');
      else if (depth === 2 && isWantedArray && byte !== COMMA && byte !== COLON && !isSpace(byte))
        throw new Error(`has an entry of "${key}" that is no object`);
    }
    at += chunk.length;
    const from = item >= 0 ? item : keyStart;
    heldFrom = from;
    held = from >= 0 ? bytes.subarray(from - base) : Buffer.alloc(0);
  }
  if (depth !== 0 || isText || at === 0) throw new Error('ends early');
}

function parse(bytes: Buffer, key: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Error(`has an entry of "${key}" that is no valid JSON: ${(error as Error).message}`);
  }
}
