import { sql } from 'kysely';
import type { JobState } from '../../../prisma/generated/enums.ts';
import { count, db, type Placeholders, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import { selectNode } from '../nodes/select-node.ts';
import type { Wanted } from '../nodes/wanted.ts';
import type { JobRow } from '../rows.ts';
import { allOf } from './filter.ts';
import { beyond, orderBy, type PageShape, type PageValues } from './keyset.ts';

export interface JobFilter {
  state?: JobState | null;
}

type Given = readonly (keyof JobFilter)[];

export const jobOrders: Orders<'CREATED_DESC', JobRow> = {
  CREATED_DESC: { direction: 'DESC', columns: [{ sql: sql.ref('j.id'), type: 'int4', of: (job) => job.id }] },
};

/** A page of jobs without the shards of dissections. */
export const jobPage = prepared<JobFilter & PageValues>()(
  (args, { given, page, wanted }: { given: Given; page: PageShape<'CREATED_DESC'>; wanted: Wanted | undefined }) => {
    const order = jobOrders[page.order];
    return selectNode('Job', wanted)
      .where('j.parent_id', 'is', null)
      .where(condition(args, given))
      .where(beyond(order, page, args))
      .orderBy(orderBy(order, page))
      .limit(args.rows);
  },
);

/** How many jobs pass the filter. */
export const jobCount = prepared<JobFilter>()((args, given: Given) =>
  db.selectFrom('jobs as j').select(count.as('count')).where('j.parent_id', 'is', null).where(condition(args, given)),
);

const condition = ({ state }: Placeholders<JobFilter>, given: Given) => allOf<JobFilter>({ state: sql`j.state = ${state}` }, given);
