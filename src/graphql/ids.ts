import { badId, decodeId, encodeId } from '../../core/ids.ts';
import { isRowType, type RowType } from './nodes/node-types.ts';

/** The opaque id of a row. */
export const globalId: (type: RowType, row: number) => string = encodeId;

/** Reads an id that `globalId` wrote. Throws BAD_ID for everything else. */
export function parseId(id: string): { type: RowType; row: number } {
  const decoded = decodeId(id);
  if (decoded?.numbers.length !== 1 || !isRowType(decoded.type)) throw badId(id);
  return { type: decoded.type, row: decoded.numbers[0] };
}
