import { DissectoryError } from '../../core/errors.ts';
import type { NodeType } from './rows.ts';

/** Every type that has global ids; the record keeps it complete. */
const NODE_TYPES: Record<NodeType, true> = {
  Model: true,
  Layer: true,
  Dataset: true,
  Concept: true,
  Image: true,
  Dissection: true,
  Unit: true,
  Series: true,
  Experiment: true,
  Job: true,
  Head: true,
  Prediction: true,
  Ablation: true,
};
const MAX_ROW_ID = 2 ** 31 - 1;

/** The opaque id of a row: base64url of `Type:row`, so that it may stand in a URL. */
export const globalId = (type: NodeType, row: number): string => Buffer.from(`${type}:${row}`).toString('base64url');

/** Reads an id that `globalId` wrote. Throws BAD_ID for everything else. */
export function parseId(id: string): { type: NodeType; row: number } {
  const [type = '', row = ''] = Buffer.from(id, 'base64url').toString('utf8').split(':');
  if (!isNodeType(type) || Number(row) > MAX_ROW_ID || !/^[1-9]\d*$/.test(row) || globalId(type, Number(row)) !== id) {
    throw new DissectoryError('BAD_ID', `"${id.slice(0, 100)}" is not an id of this API. Take ids from the id field of its answers.`);
  }
  return { type, row: Number(row) };
}

/** The row of an id that must be of the given type. Throws BAD_ID. */
export function rowOf(expected: NodeType, id: string): number {
  const { type, row } = parseId(id);
  if (type !== expected) throw new DissectoryError('BAD_ID', `"${id}" is the id of a ${type}, where that of a ${expected} is needed.`);
  return row;
}

/** The opaque id of an explanation: it stands for a prediction and a place in the head's classes. */
export const explanationId = (prediction: number, place: number): string =>
  Buffer.from(`Explanation:${prediction}:${place}`).toString('base64url');

/** Reads an id that `explanationId` wrote; null for everything else. */
export function parseExplanationId(id: string): { prediction: number; place: number } | null {
  const match = /^Explanation:([1-9]\d{0,9}):(0|[1-9]\d{0,9})$/.exec(Buffer.from(id, 'base64url').toString('utf8'));
  if (!match) return null;
  const [prediction, place] = [Number(match[1]), Number(match[2])];
  return Math.max(prediction, place) <= MAX_ROW_ID && explanationId(prediction, place) === id ? { prediction, place } : null;
}

const isNodeType = (type: string): type is NodeType => Object.hasOwn(NODE_TYPES, type);
