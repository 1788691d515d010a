import { sql } from 'kysely';
import { type NamedBy, unitDissections } from '../../../store/results/unit-dissections.ts';
import { anyOf, type Connection, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { selectNode } from '../nodes/select-node.ts';
import { type Wanted, withInstants } from '../nodes/wanted.ts';
import { listsBy, loaderByArgs, onesBy } from './batch.ts';

interface CurrentDissectionArgs {
  /** Slug. */
  dataset: string;
  tau: number;
}

/** All by layer. */
export const createDissectionLoaders = (pool: Connection, budget: RowBudget) => ({
  /** Newest first. */
  dissectionsOfLayer: loaderByArgs(async (ids, { wanted }: { wanted?: Wanted }) => {
    const rows = withInstants(await dissectionsOfLayers(pool, { ids, most: budget.limit() }, { wanted }), wanted);
    return listsBy(budget.count(rows), (dissection) => dissection.layerId);
  }),

  /** The current one in the units' own basis; null where the layer has not been dissected so. */
  currentDissection: loaderByArgs(async (ids, asked: CurrentDissectionArgs) =>
    onesBy(await currentDissections(pool, { ids, ...asked }), ({ layerId }) => layerId),
  ),

  /** By model: that of its deepest layer which has been dissected so; null where none has. */
  deepestDissection: loaderByArgs(async (ids, asked: CurrentDissectionArgs) =>
    onesBy(await deepestDissections(pool, { ids, ...asked }), ({ modelId }) => modelId),
  ),

  /** The id of the dissection that says what a layer's units detect; null where there is none. */
  unitDissection: loaderByArgs(async (ids, args: NamedBy) => {
    const byLayer = new Map((await unitDissections(pool, ids, args)).map(({ layerId, dissectionId }) => [layerId, dissectionId]));
    return (id) => byLayer.get(id) ?? null;
  }),
});

const dissectionsOfLayers = prepared<{ ids: readonly number[]; most: number }>()(
  ({ ids, most }, { wanted }: { wanted: Wanted | undefined }) =>
    selectNode('Dissection', wanted)
      .where('d.layer_id', '=', anyOf(ids, 'int4'))
      .orderBy('d.created_at', 'desc')
      .orderBy('d.id', 'desc')
      .limit(most),
);

const currentDissections = prepared<{ ids: readonly number[] } & CurrentDissectionArgs>()(({ ids, dataset, tau }) =>
  selectNode('Dissection')
    .where('d.layer_id', '=', anyOf(ids, 'int4'))
    .where('d.dataset_id', '=', sql<number>`(SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`)
    .where('d.tau', '=', tau)
    .where('d.basis', '=', 'IDENTITY')
    .where('d.current', '=', true),
);

const deepestDissections = prepared<{ ids: readonly number[] } & CurrentDissectionArgs>()(({ ids, dataset, tau }) =>
  selectNode('Dissection')
    .innerJoin('layers as l', 'l.id', 'd.layer_id')
    .distinctOn('l.model_id')
    .select('l.model_id as modelId')
    .where('l.model_id', '=', anyOf(ids, 'int4'))
    .where('d.dataset_id', '=', sql<number>`(SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`)
    .where('d.tau', '=', tau)
    .where('d.basis', '=', 'IDENTITY')
    .where('d.current', '=', true)
    .orderBy('l.model_id')
    .orderBy('l.index', 'desc')
    .orderBy('d.id', 'desc'),
);
