import { badId, decodeId, encodeId } from '../../core/ids.ts';
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

/** The opaque id of a row. */
export const globalId: (type: NodeType, row: number) => string = encodeId;

/** Reads an id that `globalId` wrote. Throws BAD_ID for everything else. */
export function parseId(id: string): { type: NodeType; row: number } {
  const decoded = decodeId(id);
  if (decoded?.numbers.length !== 1 || !isNodeType(decoded.type)) throw badId(id);
  return { type: decoded.type, row: decoded.numbers[0] };
}

const isNodeType = (type: string): type is NodeType => Object.hasOwn(NODE_TYPES, type);
