import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globalId } from '../../../src/graphql/ids.ts';
import { type Api, serve } from '../graphql/api.ts';

describe('limits', () => {
  let api: Api;
  beforeAll(async () => {
    api = await serve(async ({ pool }) => {
      // 130 networks of one layer with 250 units each: 32,500 units are more than one answer may hold.
      await pool.query(`INSERT INTO datasets (id, slug, name, image_count) VALUES (1, 'd', 'D', 0)`);
      await pool.query(
        `INSERT INTO models (id, slug, name, format, sha256) SELECT n, 'm' || n, 'M', 'ONNX', 'a' FROM generate_series(1, 130) n`,
      );
      await pool.query(`INSERT INTO layers (id, model_id, name, index, unit_count, grid_height, grid_width, stride_y, stride_x, offset_y, offset_x)
        SELECT n, n, 'conv', 0, 250, 1, 1, 1, 1, 0, 0 FROM generate_series(1, 130) n`);
      await pool.query(`INSERT INTO dissections (id, layer_id, dataset_id, tau, key, model_sha256, engine, engine_version, provider, code_version, parameters)
        SELECT n, n, 1, 0.005, 'k' || n, 'a', 'e', '1', 'cpu', '1', '{}' FROM generate_series(1, 130) n`);
      await pool.query(`INSERT INTO units (dissection_id, index, silent, iou)
        SELECT n, i, false, i / 1000.0 FROM generate_series(1, 130) n, generate_series(0, 249) i`);
    });
  });
  afterAll(() => api?.close());

  const messages = async (query: string, variables?: Record<string, unknown>) =>
    (await api.ask(query, variables)).errors?.map(({ message }) => message);
  const nested =
    'query Q($first: Int) { models(first: 200) { nodes { layers { dissections { units(first: $first) { nodes { iou } } } } } } }';

  it('count the rows of an answer while they are read, also behind variables', async () => {
    const answer = await api.ask<{ models: { nodes: unknown[] } }>(nested, { first: 200 });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.models.nodes).toHaveLength(130);
    const { errors } = await api.ask(nested, { first: 500 });
    expect(errors?.[0]).toMatchObject({ message: expect.stringMatching(/more than 30000 rows/), extensions: { code: 'BAD_INPUT' } });
  });

  it('stop pages nested in pages before they run', async () => {
    expect(await messages(nested.replace('$first)', '500)').replaceAll('first: 200', 'first: 500').replace('($first: Int)', ''))).toEqual([
      expect.stringContaining('Query Cost limit of 1000000 exceeded'),
    ]);
  });

  it('stop queries that are too deep', async () => {
    const deep = `{ node(id: "${globalId('Layer', 1)}") { ... on Layer { ${'model { layers { '.repeat(7)} name ${'} }'.repeat(7)} } } }`;
    expect(await messages(deep)).toEqual([expect.stringContaining('depth limit of 14 exceeded')]);
  });

  it('stop queries of too many aliases or tokens', async () => {
    const aliases = Array.from({ length: 101 }, (_, i) => `a${i}: __typename`);
    expect(await messages(`{ ${aliases} }`)).toBeUndefined();
    const models = Array.from({ length: 101 }, (_, i) => `a${i}: model(slug: "x") { slug }`);
    expect(await messages(`{ ${models} }`)).toEqual([expect.stringContaining('Aliases limit of 100 exceeded')]);
    expect(await messages(`{ ${'__typename '.repeat(5_001)} }`)).toEqual([expect.stringMatching(/more than 5000 tokens|5000/)]);
  });

  it('take no more than 100 ids', async () => {
    const ids = Array.from({ length: 101 }, (_, i) => globalId('Unit', i + 1));
    expect(await messages('query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toEqual(['nodes takes at most 100 ids, not 101.']);
  });

  it('let a large dashboard through: 500 units with images, scores, layer and model', async () => {
    const query = `{ units(filter: { dataset: "d" }, first: 500) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node {
      id index iou threshold silent maxActivation category isDetector label { id name category frequency }
      scores(first: 10) { iou intersection union concept { name category } }
      topImages(first: 10) { rank maxActivation imageUrl overlayUrl image { id file width height } }
      dissection { id tau layer { id name model { id slug name architecture accuracy series { slug name } } } } } } } }`;
    const answer = await api.ask<{ units: { edges: unknown[] } }>(query);
    expect(answer.errors).toBeUndefined();
    expect(answer.data.units.edges).toHaveLength(500);
  });

  it('let every golden query through', async () => {
    const folder = path.join(import.meta.dirname, '../graphql/queries');
    const queries = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
    expect(queries.length).toBeGreaterThanOrEqual(10);
    for (const file of queries) {
      const all = await messages(readFileSync(path.join(folder, file), 'utf8'), { ids: [] });
      expect(
        (all ?? []).filter((message) => /limit|cost/i.test(message)),
        file,
      ).toEqual([]);
    }
  });
});
