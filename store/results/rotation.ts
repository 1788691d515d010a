import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';
import type { CountingRule } from './counted-concepts.ts';
import { detectorCounts, uniqueDetectorsIn } from './detectors.ts';
import { type Summary, summaryOf } from './summary.ts';

/** One basis of a rotation experiment. */
export interface RotationRun {
  experimentId: number;
  dissectionId: number;
  /** 0 is the layer's own basis, which belongs to every seed: its seed is null. */
  alpha: number;
  seed: number | null;
  uniqueDetectors: number;
}

/** Unique detectors at one alpha over all seeds. */
export interface RotationPoint extends Summary {
  experimentId: number;
  alpha: number;
  runs: RotationRun[];
}

/** The curves of rotation experiments (paper, Fig. 7): alphas rising; two statements for any number of experiments. */
export async function rotationPoints(
  pool: Connection,
  experiments: number[],
  minIou: number,
  rule: CountingRule,
): Promise<RotationPoint[]> {
  const bases = await rowsOf(
    pool,
    sql<Omit<RotationRun, 'uniqueDetectors'>>`
    SELECT x.experiment_id AS "experimentId", d.id AS "dissectionId", coalesce((d.basis_parameters->>'alpha')::float8, 0) AS alpha,
      (d.basis_parameters->>'seed')::float8 AS seed
    FROM experiment_dissections x JOIN dissections d ON d.id = x.dissection_id JOIN experiments e ON e.id = x.experiment_id
    WHERE x.experiment_id = ANY(${experiments}::int[]) AND e.kind = 'ROTATION'
    ORDER BY x.experiment_id, alpha, seed`,
  );
  const counts = await detectorCounts(pool, [...new Set(bases.map((one) => one.dissectionId))], minIou, rule);
  const uniqueDetectorsOf = (id: number) =>
    uniqueDetectorsIn(
      counts.filter(({ dissectionId }) => dissectionId === id),
      null,
    );
  const runs = bases.map((basis) => ({ ...basis, uniqueDetectors: uniqueDetectorsOf(basis.dissectionId) }));
  const firsts = runs.filter((run, i) => run.experimentId !== runs[i - 1]?.experimentId || run.alpha !== runs[i - 1].alpha);
  return firsts.map(({ experimentId, alpha }) => {
    const ofAlpha = runs.filter((run) => run.experimentId === experimentId && run.alpha === alpha);
    return { experimentId, alpha, runs: ofAlpha, ...summaryOf(ofAlpha.map(({ uniqueDetectors }) => uniqueDetectors)) };
  });
}
