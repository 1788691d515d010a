/** What subscriptions are told: rows, read anew at each announcement. */

import { sql } from 'kysely';
import { DissectoryError } from '../../core/errors.ts';
import { prepared } from '../../store/sql/statement.ts';
import type { Context } from './context.ts';
import { selectNode } from './nodes/select-node.ts';
import type { DissectionRow, JobRow } from './rows.ts';
import { allOf, given } from './sql/filter.ts';

export const ENDED: ReadonlySet<JobRow['state']> = new Set(['DONE', 'FAILED', 'CANCELLED']);

/** A job as it is, then at each change, until it has ended. Throws NOT_FOUND. */
export function jobChanges({ prisma, announcements }: Context, id: number): AsyncGenerator<JobRow> {
  return endable(async function* (signal) {
    const changes = await announcements.heard('jobs', signal, id);
    for (let job = await read(); ; job = await read()) {
      yield job;
      if (ENDED.has(job.state) || (await changes.next()).done) return;
    }
  });

  async function read(): Promise<JobRow> {
    const job = await prisma.job.findUnique({ where: { id } });
    if (job) return job;
    throw new DissectoryError('NOT_FOUND', 'There is no such job, or no longer.');
  }
}

interface DissectionFilter {
  dataset?: string | null;
  model?: string | null;
  series?: string | null;
}

/** Dissections as they are stored. After a broken connection, those that came meanwhile are left out. */
export function dissectionsStored({ store, announcements }: Context, filter: DissectionFilter): AsyncGenerator<DissectionRow> {
  return endable(async function* (signal) {
    for await (const id of await announcements.heard('dissections', signal)) {
      if (id === null) continue;
      yield* await dissectionIfAsked(store.pool, { id, ...filter }, given(filter));
    }
  });
}

const dissectionIfAsked = prepared<{ id: number } & DissectionFilter>()(
  ({ id, dataset, model, series }, set: readonly (keyof DissectionFilter)[]) => {
    const models = sql`SELECT l.id FROM layers l JOIN models m ON m.id = l.model_id LEFT JOIN series r ON r.id = m.series_id`;
    return selectNode('Dissection')
      .where('d.id', '=', id)
      .where(
        allOf<DissectionFilter>(
          {
            dataset: sql`d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`,
            model: sql`d.layer_id IN (${models} WHERE m.slug = ${model})`,
            series: sql`d.layer_id IN (${models} WHERE r.slug = ${series})`,
          },
          set,
        ),
      );
  },
);

/**
 * A generator that also ends while it waits: by itself, `return` would wait for the next event, which may never come.
 */
function endable<T>(generate: (signal: AbortSignal) => AsyncGenerator<T>): AsyncGenerator<T> {
  const over = new AbortController();
  const inner = generate(over.signal);
  const end = inner.return.bind(inner);
  inner.return = (value) => {
    over.abort();
    return end(value);
  };
  return inner;
}
