import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { DissectionRow } from '../rows.ts';
import { columns } from '../sql/select-rows.ts';
import { loaderOfLists } from './batch.ts';

export const createJobLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  dissectionsOfJob: loaderOfLists(
    async (ids) =>
      budget.count(
        await prisma.$queryRaw<(DissectionRow & { jobId: number })[]>(Prisma.sql`
          SELECT ${columns.Dissection}, x.job_id AS "jobId"
          FROM job_dissections x JOIN dissections d ON d.id = x.dissection_id
          WHERE x.job_id = ANY(${ids}::int[]) ORDER BY d.id LIMIT ${budget.limit()}`),
      ),
    ({ jobId }) => jobId,
  ),
});
