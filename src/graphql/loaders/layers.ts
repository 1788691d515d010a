import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { anyOf, type Connection, db, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { selectNode } from '../nodes/select-node.ts';
import { loaderOfLists, onesBy } from './batch.ts';

interface LayerKey {
  modelId: number;
  name: string;
}

export const createLayerLoaders = (pool: Connection, budget: RowBudget) => ({
  /** By model, from the input to the output. */
  layersOfModel: loaderOfLists(
    async (ids) => budget.count(await layersOfModels(pool, { ids, most: budget.limit() })),
    (layer) => layer.modelId,
  ),

  /** Of each model, in the order of the network's outputs: often as long as all else of the model together. */
  classesOfModel: new DataLoader(async (ids: readonly number[]) => {
    const classes = onesBy(await classesOfModels(pool, { ids }), ({ id }) => id);
    return ids.map((id) => classes(id)?.classes ?? []);
  }),

  /** null where the model has no layer of that name. */
  layerByName: new DataLoader(
    async (keys: readonly LayerKey[]) => {
      const rows = await layersByName(pool, { models: keys.map(({ modelId }) => modelId), names: keys.map(({ name }) => name) });
      const layers = new Map(rows.map((row) => [nameOf(row), row]));
      return keys.map((key) => layers.get(nameOf(key)) ?? null);
    },
    { cacheKeyFn: nameOf },
  ),
});

const layersOfModels = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  selectNode('Layer').where('l.model_id', '=', anyOf(ids, 'int4')).orderBy('l.index').orderBy('l.id').limit(most),
);

const classesOfModels = prepared<{ ids: readonly number[] }>()(({ ids }) =>
  db
    .selectFrom('models as m')
    .select(['m.id', sql<string[]>`coalesce(m.classes, '{}')`.as('classes')])
    .where('m.id', '=', anyOf(ids, 'int4')),
);

const layersByName = prepared<{ models: readonly number[]; names: readonly string[] }>()(({ models, names }) =>
  selectNode('Layer').where(sql<boolean>`(l.model_id, l.name) IN (SELECT * FROM unnest(${models}::int[], ${names}::text[]))`),
);

function nameOf({ modelId, name }: LayerKey): string {
  return `${modelId}:${name}`;
}
