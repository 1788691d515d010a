import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageOf } from '../../../../src/graphql/connections.ts';
import type { UnitOrder } from '../../../../src/graphql/generated/resolvers.ts';
import { given } from '../../../../src/graphql/sql/filter.ts';
import { shapeOf, valuesOf } from '../../../../src/graphql/sql/keyset.ts';
import { type DatasetUnitFilter, unitOrders, unitsOfDataset } from '../../../../src/graphql/sql/units.ts';
import { openStore, type Store } from '../../../../store/store.ts';
import { createDatabase, type TestDatabase } from '../../../database.ts';

interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

describe('units across models', () => {
  let database: TestDatabase;
  let store: Store;
  /** 100 layers of 200 units each; 50 concepts, each the label of 400 units. */
  beforeAll(async () => {
    database = await createDatabase();
    store = await openStore({ url: database.url, migrate: 'check' });
    const { pool } = store;
    await pool.query(`INSERT INTO datasets (id, slug, name, image_count) VALUES (1, 'd', 'D', 0)`);
    await pool.query(`INSERT INTO concepts (id, dataset_id, index, category, number, name, frequency, coverage)
      SELECT n, 1, n, (ARRAY['OBJECT', 'PART'])[1 + n % 2], n, 'c' || n, 1, 1 FROM generate_series(1, 50) n`);
    await pool.query(
      `INSERT INTO models (id, slug, name, format, sha256) SELECT n, 'm' || n, 'M', 'ONNX', 'a' FROM generate_series(1, 100) n`,
    );
    await pool.query(`INSERT INTO layers (id, model_id, name, index, unit_count, grid_height, grid_width, stride_y, stride_x, offset_y, offset_x)
      SELECT n, n, 'conv', 0, 200, 1, 1, 1, 1, 0, 0 FROM generate_series(1, 100) n`);
    await pool.query(`INSERT INTO dissections (id, layer_id, dataset_id, tau, key, model_sha256, engine, engine_version, provider, code_version, parameters)
      SELECT n, n, 1, 0.005, 'k' || n, 'a', 'e', '1', 'cpu', '1', '{}' FROM generate_series(1, 100) n`);
    await pool.query(`INSERT INTO units (dissection_id, index, silent, iou, label_id, category)
      SELECT n, i, false, (i * 7919 + n * 104729) % 1000 / 1000.0, 1 + (i + n) % 50, (ARRAY['OBJECT', 'PART'])[1 + (1 + i + n) % 2]
      FROM generate_series(1, 100) n, generate_series(0, 199) i`);
    await pool.query('ANALYZE');
  });
  afterAll(async () => {
    await store?.close();
    await database?.drop();
  });

  const cases: [string, Partial<DatasetUnitFilter>, UnitOrder, string, number][] = [
    ['of a concept', { concept: 'c7' }, 'IOU_DESC', 'units_label_id_iou_id_idx', 21],
    ['of a concept above an IoU', { concept: 'c7', minIou: 0.5 }, 'IOU_DESC', 'units_label_id_iou_id_idx', 21],
    ['of a category', { category: 'PART' }, 'IOU_DESC', 'units_category_iou_id_idx', 21],
    ['of the whole dataset', {}, 'IOU_DESC', 'units_iou_id_idx', 21],
    ['of a model', { models: ['m3'] }, 'IOU_ASC', 'units_dissection_id_iou_id_idx', 21],
  ];

  it.each(cases)('%s come from an index in order, and no more are read than pages hold', async (_, filter, order, index, most) => {
    const page = pageOf(unitOrders, order, {});
    const conditions = { dataset: 'd', tau: 0.005, ...filter };
    const shape = { given: given(conditions), rule: 'TOP_LABEL', page: shapeOf(page), wanted: undefined, lists: {} } as const;
    const explained = {
      query: ({ text, values }: { text: string; values: unknown[] }) =>
        store.pool.query({ text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values }),
    };
    const [{ 'QUERY PLAN': plans }] = (await unitsOfDataset(
      explained as never,
      { ...conditions, ...valuesOf(page), imagesFirst: null, scoresFirst: null, scoresCategory: null },
      shape,
    )) as unknown as [{ 'QUERY PLAN': [{ Plan: PlanNode }] }];
    const scans = nodes(plans[0].Plan).filter((node) => node['Relation Name'] === 'units');
    expect(scans.map((node) => node['Index Name'])).toEqual([index]);
    expect(scans[0]['Actual Rows'] * scans[0]['Actual Loops']).toBeLessThanOrEqual(most);
  });
});

const nodes = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
