import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { anyOf, type Connection, prepared } from '../../../store/sql/statement.ts';
import { NODE_TYPES, type NodeRows } from '../nodes/node-types.ts';
import { selectNode } from '../nodes/select-node.ts';

type Named = 'Model' | 'Dataset' | 'Series';

/** What people type: null where nothing has the slug. */
export const createSlugLoaders = (pool: Connection) => {
  const loader = <Type extends Named>(type: Type) =>
    new DataLoader<string, NodeRows[Type] | null>(async (slugs) => {
      const found = (await nodesBySlug(pool, { slugs }, type)) as NodeRows[Type][];
      const rows = new Map(found.map((row) => [(row as NodeRows[Named]).slug, row]));
      return slugs.map((slug) => rows.get(slug) ?? null);
    });
  return { modelBySlug: loader('Model'), datasetBySlug: loader('Dataset'), seriesBySlug: loader('Series') };
};

const nodesBySlug = prepared<{ slugs: readonly string[] }>()(({ slugs }, type: Named) =>
  selectNode<Named>(type).where(sql.ref<string>(`${NODE_TYPES[type].alias}.slug`), '=', anyOf(slugs, 'text')),
);
