import { Prisma } from '../../../prisma/generated/client.ts';
import { nameHas } from '../../../store/results/counted-concepts.ts';
import type { Orders, Page } from '../connections.ts';
import type { Category } from '../generated/resolvers.ts';
import type { ConceptRow } from '../rows.ts';
import { beyond, orderBy } from './keyset.ts';
import { columns } from './select-rows.ts';

export interface ConceptFilter {
  category?: Category | null;
  /** Any part of the name, whatever its case. */
  search?: string | null;
}

export const conceptOrders: Orders<'INDEX_ASC', ConceptRow> = {
  INDEX_ASC: { direction: 'ASC', columns: [{ sql: Prisma.sql`c.index`, type: 'int4', of: (concept) => concept.index }] },
};

/** The same page of each of many datasets' concepts, one row more than its limit where there is one. */
export function conceptsOfDatasets(datasets: number[], filter: ConceptFilter, page: Page<'INDEX_ASC'>, limit: number): Prisma.Sql {
  const order = orderBy(conceptOrders[page.order], page);
  return Prisma.sql`
    SELECT ${columns.Concept}
    FROM unnest(${datasets}::int[]) AS s(id)
    CROSS JOIN LATERAL (
      SELECT c.* FROM concepts c
      WHERE c.dataset_id = s.id AND ${condition(filter)} AND ${beyond(conceptOrders[page.order], page)}
      ORDER BY ${order} LIMIT ${page.limit + 1}) c
    ORDER BY ${order} LIMIT ${limit}`;
}

/** How many concepts of each dataset pass the filter; datasets without any are left out. */
export function conceptCountsOfDatasets(datasets: number[], filter: ConceptFilter): Prisma.Sql {
  return Prisma.sql`
    SELECT c.dataset_id AS "datasetId", count(*)::int AS count
    FROM concepts c
    WHERE c.dataset_id = ANY(${datasets}::int[]) AND ${condition(filter)}
    GROUP BY c.dataset_id`;
}

function condition({ category, search }: ConceptFilter): Prisma.Sql {
  const conditions = [Prisma.sql`TRUE`];
  if (category != null) conditions.push(Prisma.sql`c.category = ${category}::"Category"`);
  if (search != null) conditions.push(nameHas(search));
  return Prisma.join(conditions, ' AND ');
}
