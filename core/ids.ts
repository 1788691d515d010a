/** The opaque global ids of the API: base64url of `Type:row`, so that they may stand in a URL. */
import { DissectoryError } from './errors.ts';

const MAX_ROW_ID = 2 ** 31 - 1;

export const encodeId = (type: string, ...numbers: number[]): string => Buffer.from([type, ...numbers].join(':')).toString('base64url');

/** Reads an id that `encodeId` wrote, whatever its type; null for everything else. */
export function decodeId(id: string): { type: string; numbers: number[] } | null {
  const match = /^([A-Za-z]+):([1-9]\d{0,9}(?::(?:0|[1-9]\d{0,9}))?)$/.exec(Buffer.from(id, 'base64url').toString('utf8'));
  if (!match) return null;
  const [, type] = match;
  const numbers = match[2].split(':').map(Number);
  return Math.max(...numbers) <= MAX_ROW_ID && encodeId(type, ...numbers) === id ? { type, numbers } : null;
}

/** The row of an id that must be of the given type. Throws BAD_ID. */
export function rowOf(expected: string, id: string): number {
  const decoded = decodeId(id);
  if (decoded?.type === expected && decoded.numbers.length === 1) return decoded.numbers[0];
  throw decoded
    ? new DissectoryError('BAD_ID', `"${id}" is the id of a ${decoded.type}, where that of a ${expected} is needed.`)
    : badId(id);
}

export const badId = (id: string): DissectoryError =>
  new DissectoryError('BAD_ID', `"${id.slice(0, 100)}" is not an id of this API. Take ids from the id field of its answers.`);

/** An explanation stands for a prediction and a place in the head's classes. */
export const explanationId = (prediction: number, place: number): string => encodeId('Explanation', prediction, place);

/** Reads an id that `explanationId` wrote; null for everything else. */
export function parseExplanationId(id: string): { prediction: number; place: number } | null {
  const decoded = decodeId(id);
  if (decoded?.type !== 'Explanation' || decoded.numbers.length !== 2) return null;
  const [prediction, place] = decoded.numbers;
  return { prediction, place };
}
