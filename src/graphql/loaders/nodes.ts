import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { DissectoryError } from '../../../core/errors.ts';
import { anyOf, type Connection, prepared } from '../../../store/sql/statement.ts';
import { NODE_TYPES, type NodeRows, type RowType } from '../nodes/node-types.ts';
import { selectNode } from '../nodes/select-node.ts';

export type NodeLoaders = { readonly [Type in RowType]: DataLoader<number, NodeRows[Type]> };

/**
 * Every type of node by its row id: the target of all relations that point upwards, and of global ids. A row that is
 * not there rejects with NOT_FOUND: ids come from other rows, so it was deleted meanwhile.
 */
export const createNodeLoaders = (pool: Connection): NodeLoaders =>
  new Proxy({} as { [Type in RowType]: NodeLoaders[Type] }, {
    get(made, type: RowType) {
      made[type] ??= nodeLoader(pool, type) as never;
      return made[type];
    },
  });

const nodeLoader = (pool: Connection, type: RowType) =>
  new DataLoader(async (ids: readonly number[]) => {
    const rows = new Map((await nodesById(pool, { ids }, type)).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? new DissectoryError('NOT_FOUND', `This ${type} no longer exists.`));
  });

const nodesById = prepared<{ ids: readonly number[] }>()(({ ids }, type: RowType) =>
  selectNode(type).where(sql.ref<number>(`${NODE_TYPES[type].alias}.id`), '=', anyOf(ids, 'int4')),
);
