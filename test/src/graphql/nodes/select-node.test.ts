import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_TYPES, type RowType } from '../../../../src/graphql/nodes/node-types.ts';
import { selectNode } from '../../../../src/graphql/nodes/select-node.ts';
import { rowsOf } from '../../../../store/sql/statement.ts';
import { openStore, type Store } from '../../../../store/store.ts';
import { createDatabase, type TestDatabase } from '../../../database.ts';
import { seed } from '../seed.ts';
import { seedExperiments } from '../seed-experiments.ts';
import { seedExplanations } from '../seed-explanations.ts';

describe('rows read in SQL', () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await createDatabase();
    store = await openStore({ url: database.url, migrate: 'check' });
    await seed(store.prisma, 1);
    await seedExperiments(store.prisma, 1);
    await seedExplanations(store.prisma, 1);
    await store.pool.query("INSERT INTO jobs (kind, payload, key, delivery) VALUES ('SCAN', '{}', '', gen_random_uuid())");
    await store.pool.query("INSERT INTO models (slug, name, format, sha256) VALUES ('bare', 'Bare', 'TALLY', '')");
  });
  afterAll(async () => {
    await store?.close();
    await database?.drop();
  });

  it('are those that Prisma reads: no column is missing, misnamed or of another type', async () => {
    const { prisma } = store;
    const orderBy = { id: 'asc' } as const;
    const expected: { [Type in RowType]: object[] } = {
      Model: await prisma.model.findMany({ orderBy }),
      Layer: await prisma.layer.findMany({ orderBy }),
      Dataset: await prisma.dataset.findMany({ orderBy }),
      Concept: await prisma.concept.findMany({ orderBy }),
      Image: await prisma.image.findMany({ orderBy }),
      Dissection: await prisma.dissection.findMany({ orderBy }),
      Unit: await prisma.unit.findMany({ orderBy }),
      Series: await prisma.series.findMany({ orderBy }),
      Experiment: await prisma.experiment.findMany({ orderBy }),
      Job: await prisma.job.findMany({ orderBy }),
      Head: await prisma.head.findMany({ orderBy }),
      Prediction: await prisma.prediction.findMany({ orderBy }),
      Ablation: await prisma.ablation.findMany({ orderBy }),
    };
    for (const type of Object.keys(expected) as RowType[]) {
      expect(expected[type].length, type).toBeGreaterThan(0);
      const { columns } = NODE_TYPES[type];
      const read = expected[type].map((row) =>
        Object.fromEntries(Object.entries(row).filter(([field]) => columns.includes(field as never))),
      );
      expect(Object.keys(read[0])).toHaveLength(columns.length);
      expect(await rowsOf(store.pool, selectNode(type).orderBy(sql`id`)), type).toEqual(read);
    }
  });
});
