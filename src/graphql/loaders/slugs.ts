import DataLoader from 'dataloader';
import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { NodeRows } from '../rows.ts';
import { selectRows } from '../sql/select-rows.ts';

/** What people type: null where nothing has the slug. */
export const createSlugLoaders = (prisma: PrismaClient) => {
  const loader = <Type extends 'Model' | 'Dataset' | 'Series'>(type: Type) =>
    new DataLoader<string, NodeRows[Type] | null>(async (slugs) => {
      const found = await selectRows(prisma, type, Prisma.sql`slug = ANY(${slugs}::text[])`);
      const rows = new Map(found.map((row) => [row.slug, row]));
      return slugs.map((slug) => rows.get(slug) ?? null);
    });
  return { modelBySlug: loader('Model'), datasetBySlug: loader('Dataset'), seriesBySlug: loader('Series') };
};
