import { rowOf } from '../../../core/ids.ts';
import { connectionOf, pageOf } from '../connections.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { jobOrders, jobPage } from '../sql/jobs.ts';
import { selectRows } from '../sql/select-rows.ts';

export const jobQueries: Pick<QueryResolvers, 'job' | 'jobs'> = {
  job: (_, { id }, { prisma }) => prisma.job.findUnique({ where: { id: rowOf('Job', id) } }),

  async jobs(_, { state, ...args }, { prisma, budget }) {
    const page = pageOf(jobOrders, 'CREATED_DESC', args);
    const rows = budget.count(await selectRows(prisma, 'Job', jobPage(state ?? null, page)));
    return connectionOf(jobOrders, page, rows, () => prisma.job.count({ where: { parentId: null, ...(state == null ? {} : { state }) } }));
  },
};
