import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../store/migrate.ts';
import { readMigrations } from '../../store/migrations.ts';
import { createEmptyDatabase, type TestDatabase } from '../database.ts';

/** Datasets had no format, and categories were an enum. */
const BEFORE = readMigrations().filter(({ name }) => name < '20261125');

let database: TestDatabase;
let pool: pg.Pool;
beforeEach(async () => {
  database = await createEmptyDatabase();
  pool = new pg.Pool({ connectionString: database.url });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

it('a store of before keeps its datasets, where their pictures lie and how their categories are spelled', async () => {
  await migrate(database.url, BEFORE);
  await pool.query(`
    INSERT INTO datasets (id, slug, name, kind, path, sha256, image_count) VALUES
      (1, 'mini', 'Mini', 'BRODEN', '/data/mini', 'd', 1), (2, 'far', 'Far', 'BRODEN', 's3://bucket/far', 'e', 1),
      (3, 'published', 'Published', 'BRODEN', NULL, NULL, 0), (4, 'scenes', 'Scenes', 'LABELLED', '/data/scenes', 'f', 1),
      (5, 'uploads', 'Uploads', 'UPLOADS', NULL, NULL, 0);
    INSERT INTO dataset_categories (dataset_id, category, index) VALUES (1, 'SCENE', 1), (1, 'OBJECT', 0), (1, 'COLOR', 2);
    INSERT INTO concepts (id, dataset_id, index, category, number, name, frequency, coverage)
    VALUES (1, 1, 0, 'OBJECT', 3, 'sky', 2, 0.5), (2, 1, 1, 'COLOR', 7, 'red-c', 1, 0.25);`);
  await pool.query(`
    INSERT INTO models (id, slug, name, format, sha256) VALUES (1, 'net', 'Net', 'ONNX', 'a');
    INSERT INTO layers (id, model_id, name, index, unit_count, grid_height, grid_width, stride_y, stride_x, offset_y, offset_x)
    VALUES (1, 1, 'conv', 0, 1, 1, 1, 1, 1, 0, 0);
    INSERT INTO dissections (id, layer_id, dataset_id, tau, basis, key, current, model_sha256, engine, engine_version, provider, code_version, parameters)
    VALUES (1, 1, 1, 0.005, 'IDENTITY', 'k', TRUE, 'a', 'e', '1', 'cpu', '1', '{}');
    INSERT INTO units (id, dissection_id, index, silent, label_id, iou, category) VALUES (1, 1, 0, FALSE, 1, 0.5, 'OBJECT');
    INSERT INTO unit_categories (unit_id, category, activated, best_id, best_iou) VALUES (1, 'OBJECT', 4, 1, 0.5), (1, 'COLOR', 4, 2, 0.25);`);
  await migrate(database.url);
  const all = async (sql: string) => (await pool.query({ text: sql, rowMode: 'array' })).rows;
  expect(await all('SELECT slug, format, image_folder FROM datasets ORDER BY id')).toEqual([
    ['mini', 'broden', 'images'],
    ['far', 'broden', 'images'],
    ['published', null, 'images'],
    ['scenes', null, ''],
    ['uploads', null, ''],
  ]);
  expect(await all('SELECT category FROM dataset_categories WHERE dataset_id = 1 ORDER BY index')).toEqual([
    ['OBJECT'],
    ['SCENE'],
    ['COLOR'],
  ]);
  expect(await all('SELECT name, category FROM concepts ORDER BY index')).toEqual([
    ['sky', 'OBJECT'],
    ['red-c', 'COLOR'],
  ]);
  expect(await all('SELECT category, best_id FROM unit_categories ORDER BY best_id')).toEqual([
    ['OBJECT', 1],
    ['COLOR', 2],
  ]);
  expect(await all('SELECT category FROM units')).toEqual([['OBJECT']]);
});
