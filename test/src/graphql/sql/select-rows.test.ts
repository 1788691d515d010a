import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prisma } from '../../../../prisma/generated/client.ts';
import type { NodeRows, NodeType } from '../../../../src/graphql/rows.ts';
import { selectRows } from '../../../../src/graphql/sql/select-rows.ts';
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
    const expected: { [Type in NodeType]: NodeRows[Type][] } = {
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
    for (const type of Object.keys(expected) as NodeType[]) {
      expect(expected[type].length, type).toBeGreaterThan(0);
      expect(await selectRows(prisma, type, Prisma.sql`TRUE ORDER BY id`), type).toEqual(expected[type]);
    }
  });
});
