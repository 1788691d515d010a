import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { CountingRule } from '../../../store/results/counted-concepts.ts';
import { iouAgainstTau } from '../../../store/results/iou-against-tau.ts';
import { rotationPoints } from '../../../store/results/rotation.ts';
import type { RowBudget } from '../budget.ts';
import type { DissectionRow } from '../rows.ts';
import { columns } from '../sql/select-rows.ts';
import { listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

interface RotationArgs {
  minIou: number;
  rule: CountingRule;
}

/** All by experiment. */
export const createExperimentLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** By tau, then alpha, then seed. */
  dissectionsOfExperiment: loaderOfLists(
    async (ids) =>
      budget.count(
        await prisma.$queryRaw<(DissectionRow & { experimentId: number })[]>(Prisma.sql`
          SELECT ${columns.Dissection}, x.experiment_id AS "experimentId"
          FROM experiment_dissections x JOIN dissections d ON d.id = x.dissection_id
          WHERE x.experiment_id = ANY(${ids}::int[])
          ORDER BY d.tau, coalesce((d.basis_parameters->>'alpha')::float8, 0), (d.basis_parameters->>'seed')::float8, d.id
          LIMIT ${budget.limit()}`),
      ),
    ({ experimentId }) => experimentId,
  ),

  /** Alphas rising. */
  rotationPoints: loaderByArgs(async (ids, { minIou, rule }: RotationArgs) =>
    listsBy(await rotationPoints(prisma, ids, minIou, rule), ({ experimentId }) => experimentId),
  ),

  /** Concepts in concept order, taus rising. */
  iouAgainstTau: loaderByArgs(async (ids, { unit }: { unit: number }) =>
    listsBy(budget.count(await iouAgainstTau(prisma, ids, unit)), ({ experimentId }) => experimentId),
  ),
});
