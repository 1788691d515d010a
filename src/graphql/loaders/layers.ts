import DataLoader from 'dataloader';
import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { LayerRow } from '../rows.ts';
import { selectRows } from '../sql/select-rows.ts';
import { loaderOfLists } from './batch.ts';

interface LayerKey {
  modelId: number;
  name: string;
}

export const createLayerLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** By model, from the input to the output. */
  layersOfModel: loaderOfLists(
    async (ids) => {
      const ofModels = Prisma.sql`l.model_id = ANY(${ids}::int[]) ORDER BY l.index, l.id LIMIT ${budget.limit()}`;
      return budget.count(await selectRows(prisma, 'Layer', ofModels));
    },
    (layer) => layer.modelId,
  ),

  /** null where the model has no layer of that name. */
  layerByName: new DataLoader<LayerKey, LayerRow | null, string>(
    async (keys) => {
      const models = keys.map((key) => key.modelId);
      const names = keys.map((key) => key.name);
      const named = Prisma.sql`(l.model_id, l.name) IN (SELECT * FROM unnest(${models}::int[], ${names}::text[]))`;
      const layers = new Map((await selectRows(prisma, 'Layer', named)).map((row) => [nameOf(row), row]));
      return keys.map((key) => layers.get(nameOf(key)) ?? null);
    },
    { cacheKeyFn: nameOf },
  ),
});

function nameOf({ modelId, name }: LayerKey): string {
  return `${modelId}:${name}`;
}
