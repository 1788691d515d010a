import { rowOf } from '../../../core/ids.ts';
import { connectionOf, countIn, pageOf } from '../connections.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { NODES, wantedOf, withInstants } from '../nodes/wanted.ts';
import { given } from '../sql/filter.ts';
import { jobCount, jobOrders, jobPage } from '../sql/jobs.ts';
import { shapeOf, valuesOf } from '../sql/keyset.ts';

export const jobQueries: Pick<QueryResolvers, 'job' | 'jobs'> = {
  job: (_, { id }, { prisma }) => prisma.job.findUnique({ where: { id: rowOf('Job', id) } }),

  async jobs(_, { state, ...args }, { store, budget }, info) {
    const page = pageOf(jobOrders, 'CREATED_DESC', args);
    const shape = { given: given({ state }), page: shapeOf(page), wanted: wantedOf(info, 'Job', ...NODES) };
    const rows = withInstants(await jobPage(store.pool, { state, ...valuesOf(page) }, shape), shape.wanted);
    return connectionOf(jobOrders, page, budget.count(rows), async () => countIn(await jobCount(store.pool, { state }, shape.given)));
  },
};
