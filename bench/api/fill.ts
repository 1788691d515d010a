/**
 * A store as large as a group of researchers fills in a year, made in SQL: its numbers are invented, its sizes and
 * shapes are not.
 */
import type pg from 'pg';

export interface StoreSize {
  models: number;
  layers: number;
  units: number;
}

export const CONCEPTS = 1197;
export const SCORES = 20;
/** The k-th concept of a unit is STEP further on; prime to CONCEPTS, so that a unit's concepts differ. */
const STEP = 61;
const CLASSES = 365;
const IMAGES = 5000;
/** Of every second unit five, so that there are 2.5 a unit. */
const TOP_IMAGES = 5;
const MODELS_A_SERIES = 10;

/** A number from 0 to 1 that depends on the unit alone. */
const CHANCE = `(hashint4(u.id) & 65535) / 65535.0::float8`;

/**
 * Fills an empty, migrated store, and lets PostgreSQL look at it. Statements in order; each a few seconds for 500,000
 * units.
 */
export async function fill(pool: pg.Pool, { models, layers, units }: StoreSize, told: (what: string) => void): Promise<void> {
  const steps: [what: string, sql: string][] = [
    [
      'dataset',
      `INSERT INTO datasets (id, slug, name, path, sha256, image_count) VALUES (1, 'broden', 'Broden', '/data/broden', 'a', ${IMAGES})`,
    ],
    [
      'categories',
      `INSERT INTO dataset_categories (dataset_id, category, index)
       SELECT 1, c, n - 1 FROM unnest('{COLOR,MATERIAL,OBJECT,PART,SCENE,TEXTURE}'::text[]) WITH ORDINALITY AS x(c, n)`,
    ],
    [
      'concepts',
      `INSERT INTO concepts (id, dataset_id, index, category, number, name, synonyms, frequency, coverage)
       SELECT n + 1, 1, n, (CASE WHEN n < 11 THEN 'COLOR' WHEN n < 43 THEN 'MATERIAL' WHEN n < 627 THEN 'OBJECT' WHEN n < 861 THEN 'PART'
         WHEN n < 1150 THEN 'SCENE' ELSE 'TEXTURE' END), n + 1, 'concept ' || n, ARRAY['synonym ' || n], 1 + n % 400, n % 400 * 0.3
       FROM generate_series(0, ${CONCEPTS - 1}) n`,
    ],
    [
      'images',
      `INSERT INTO images (id, dataset_id, index, file, split, height, width, mask_height, mask_width)
       SELECT n + 1, 1, n, 'scene/' || n || '.jpg', 'train', 224, 224, 112, 112 FROM generate_series(0, ${IMAGES - 1}) n`,
    ],
    [
      'series',
      `INSERT INTO series (id, slug, name) SELECT n + 1, 'run-' || n, 'Run ' || n FROM generate_series(0, ${Math.ceil(models / MODELS_A_SERIES) - 1}) n`,
    ],
    [
      'models',
      `INSERT INTO models (id, slug, name, format, path, sha256, architecture, training_data, supervision, input_shape, mean, std, classes, accuracy, series_id, iteration)
       SELECT n + 1, 'model-' || n, 'Model ' || n, 'ONNX', '/models/' || n || '.onnx', md5(n::text), (ARRAY['alexnet', 'vgg16', 'resnet152', 'googlenet'])[1 + n % 4],
         (ARRAY['imagenet', 'places365', 'places205'])[1 + n % 3], 'SUPERVISED', '{3,224,224}', '{0.485,0.456,0.406}', '{0.229,0.224,0.225}',
         ARRAY(SELECT 'class number ' || c FROM generate_series(1, ${CLASSES}) c), 0.3 + n % 50 / 100.0, 1 + n / ${MODELS_A_SERIES}, 1000 * (n % ${MODELS_A_SERIES})
       FROM generate_series(0, ${models - 1}) n`,
    ],
    [
      'layers',
      `INSERT INTO layers (id, model_id, name, index, unit_count, grid_height, grid_width, rf_height, rf_width, stride_y, stride_x, offset_y, offset_x)
       SELECT 1 + m * ${layers} + l, 1 + m, 'conv' || 1 + l, l, ${units}, 13, 13, 99, 99, 16, 16, 0, 0
       FROM generate_series(0, ${models - 1}) m, generate_series(0, ${layers - 1}) l`,
    ],
    [
      'dissections',
      `INSERT INTO dissections (id, layer_id, dataset_id, tau, key, model_sha256, dataset_sha256, engine, engine_version, provider, code_version, parameters)
       SELECT l.id, l.id, 1, 0.005, md5(l.id::text), 'a', 'a', 'onnxruntime', '1.29.0', 'cpu', '1', '{"quantile": 0.005}' FROM layers l`,
    ],
    [
      'units',
      `INSERT INTO units (id, dissection_id, index, threshold, silent, max_activation, label_id, iou, category)
       SELECT u.id, d.id, i, 1 + ${CHANCE}, false, 10 * ${CHANCE}, c.id, 0.4 * power(${CHANCE}, 3), c.category
       FROM dissections d, generate_series(0, ${units - 1}) i, LATERAL (SELECT ((d.id - 1) * ${units} + i + 1)::int AS id) u,
         LATERAL (SELECT 1 + abs(hashint4(u.id + 7)::bigint) % ${CONCEPTS} AS concept) x, concepts c WHERE c.id = x.concept`,
    ],
    [
      'scores',
      `INSERT INTO unit_scores (unit_id, concept_id, iou, intersection, "union")
       SELECT u.id, 1 + (u.label_id - 1 + k * ${STEP}) % ${CONCEPTS}, u.iou * (1 - k / ${SCORES + 5}.0), 1000 - k * 10, 100000 + k
       FROM units u, generate_series(0, ${SCORES - 1}) k`,
    ],
    [
      'best of each category',
      `INSERT INTO unit_categories (unit_id, category, activated, best_id, best_iou, best_intersection, best_union)
       SELECT DISTINCT ON (s.unit_id, c.category) s.unit_id, c.category, 100000, s.concept_id, s.iou, s.intersection, s."union"
       FROM unit_scores s JOIN concepts c ON c.id = s.concept_id ORDER BY s.unit_id, c.category, s.iou DESC`,
    ],
    [
      'top images',
      `INSERT INTO top_images (unit_id, rank, image_id, max_activation, map)
       SELECT u.id, r, 1 + (abs(hashint4(u.id)::bigint) + r * 7) % ${IMAGES}, 10.0 - r, '\\x00000000' FROM units u, generate_series(1, ${TOP_IMAGES}) r WHERE u.id % 2 = 0`,
    ],
  ];
  const client = await pool.connect();
  try {
    // Neither references nor indexes are kept up row by row: a tenth of the time
    await client.query('SET session_replication_role = replica');
    await client.query("SET work_mem = '512MB'");
    await client.query("SET maintenance_work_mem = '512MB'");
    const indexes = await client.query<{ name: string; sql: string }>(
      `SELECT x.indexrelid::regclass AS name, pg_get_indexdef(x.indexrelid) AS sql FROM pg_index x
       WHERE x.indrelid = ANY('{units,unit_scores,top_images}'::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.indexrelid)`,
    );
    for (const { name } of indexes.rows) await client.query(`DROP INDEX ${name}`);
    const after: [string, string][] = [
      ...indexes.rows.map(({ name, sql }): [string, string] => [name, sql]),
      ['visibility map and statistics', 'VACUUM ANALYZE'],
    ];
    for (const [what, sql] of [...steps, ...after]) {
      const start = performance.now();
      await client.query(sql);
      told(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
  } finally {
    client.release(true);
  }
}
