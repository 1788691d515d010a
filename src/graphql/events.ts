/** What subscriptions are told: rows, read anew at each announcement. */
import { DissectoryError } from '../../core/errors.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { Context } from './context.ts';
import type { DissectionRow, JobRow } from './rows.ts';
import { selectRows } from './sql/select-rows.ts';

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
export function dissectionsStored({ prisma, announcements }: Context, filter: DissectionFilter): AsyncGenerator<DissectionRow> {
  return endable(async function* (signal) {
    for await (const id of await announcements.heard('dissections', signal)) {
      if (id === null) continue;
      yield* await selectRows(prisma, 'Dissection', Prisma.sql`d.id = ${id} AND ${condition(filter)}`);
    }
  });
}

function condition({ dataset, model, series }: DissectionFilter): Prisma.Sql {
  const models = Prisma.sql`SELECT l.id FROM layers l JOIN models m ON m.id = l.model_id LEFT JOIN series r ON r.id = m.series_id`;
  const conditions = [Prisma.sql`TRUE`];
  if (dataset != null) conditions.push(Prisma.sql`d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`);
  if (model != null) conditions.push(Prisma.sql`d.layer_id IN (${models} WHERE m.slug = ${model})`);
  if (series != null) conditions.push(Prisma.sql`d.layer_id IN (${models} WHERE r.slug = ${series})`);
  return Prisma.join(conditions, ' AND ');
}

/** A generator that also ends while it waits: by itself, `return` would wait for the next event, which may never come. */
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
