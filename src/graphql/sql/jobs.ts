import { Prisma } from '../../../prisma/generated/client.ts';
import type { JobState } from '../../../prisma/generated/enums.ts';
import type { Orders, Page } from '../connections.ts';
import type { JobRow } from '../rows.ts';
import { beyond, orderBy } from './keyset.ts';

export const jobOrders: Orders<'CREATED_DESC', JobRow> = {
  CREATED_DESC: { direction: 'DESC', columns: [{ sql: Prisma.sql`j.id`, type: 'int4', of: (job) => job.id }] },
};

/** A page of jobs without the shards of dissections, one row more than its limit where there is one; a condition for `selectRows`. */
export const jobPage = (state: JobState | null, page: Page<'CREATED_DESC'>): Prisma.Sql => Prisma.sql`
  j.parent_id IS NULL AND ${state === null ? Prisma.sql`TRUE` : Prisma.sql`j.state = ${state}::"JobState"`} AND ${beyond(jobOrders[page.order], page)}
  ORDER BY ${orderBy(jobOrders[page.order], page)} LIMIT ${page.limit + 1}`;
