import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explanationId } from '../../../core/ids.ts';
import { globalId } from '../../../src/graphql/ids.ts';
import { type Api, serve } from './api.ts';
import { seedExplanations } from './seed-explanations.ts';

let api: Api;
beforeAll(async () => {
  api = await serve(({ prisma }) => seedExplanations(prisma, 3));
});
afterAll(() => api?.close());

const codeOf = async (query: string) => (await api.ask(query)).errors?.[0].extensions.code;
const first = globalId('Image', 1);
const svm = globalId('Head', 2);

describe('an explanation', () => {
  it('is of the model’s own head unless another is asked for', async () => {
    const { data } = await api.ask(`{
      own: explanation(model: "net-1", image: "${first}") { class score head { kind } }
      svm: explanation(model: "net-1", image: "${first}", head: "${svm}") { class score bias predicted contributions(first: 1) { activation weight value } }
    }`);
    expect(data).toEqual({
      own: { class: 'forest', score: 16.5, head: { kind: 'OWN' } },
      svm: { class: 'beach', score: 7, bias: 1, predicted: true, contributions: [{ activation: 4, weight: 0.5, value: 2 }] },
    });
  });

  it('is null where nothing is stored, and refused where the question is wrong', async () => {
    await api.store.pool.query(
      `INSERT INTO images (dataset_id, index, file, split, height, width, mask_height, mask_width) VALUES (1, 99, 'x', '', 8, 8, 8, 8)`,
    );
    const image = globalId('Image', 7);
    expect((await api.ask(`{ explanation(model: "net-1", image: "${image}") { id } }`)).data).toEqual({ explanation: null });
    expect(
      (await api.ask(`{ node(id: "${explanationId(1, 2)}") { id } other: node(id: "${explanationId(999, 0)}") { id } }`)).data,
    ).toEqual({ node: null, other: null });
    expect(await codeOf(`{ explanation(model: "none", image: "${first}") { id } }`)).toBe('NOT_FOUND');
    expect(await codeOf(`{ explanation(model: "net-2", image: "${first}", head: "${svm}") { id } }`)).toBe('NOT_FOUND');
    expect(await codeOf(`{ explanation(model: "net-1", image: "${first}", class: "dog") { id } }`)).toBe('BAD_INPUT');
    expect(await codeOf(`{ explanation(model: "net-1", image: "${first}") { contributions(first: 501) { value } } }`)).toBe('BAD_INPUT');
    for (const index of [-1, 9]) {
      expect(await codeOf(`{ explanation(model: "net-1", image: "${first}") { withoutUnit(index: ${index}) { unitIndex } } }`)).toBe(
        'BAD_INPUT',
      );
    }
  });

  it('knows no unit in a dataset over which the layer was not dissected', async () => {
    const { data } = await api.ask(
      `{ explanation(model: "net-1", image: "${first}") { contributions(first: 1, dataset: "scenes") { unitIndex unit { id } } } }`,
    );
    expect(data).toEqual({ explanation: { contributions: [{ unitIndex: 1, unit: null }] } });
  });
});

describe('a layer that was dissected under another of its names', () => {
  it('is the same layer: its units are known, and its features stand beside their detectors', async () => {
    const { prisma } = api.store;
    const { id, ...layer } = await prisma.layer.findFirstOrThrow({ where: { model: { slug: 'net-2' } } });
    const alias = await prisma.layer.create({ data: { ...layer, name: 'features.12' } });
    await prisma.dissection.updateMany({ where: { layerId: id }, data: { layerId: alias.id } });
    const { data } = await api.ask(`{
      explanation(model: "net-2", image: "${first}") { layer { name } contributions(first: 1) { unit { label { name } dissection { layer { name } } } } }
      discrimination(images: "scenes", dataset: "objects") { points { layer { name } uniqueDetectors } }
    }`);
    expect(data).toMatchObject({
      explanation: {
        layer: { name: 'conv5' },
        contributions: [{ unit: { label: { name: 'tree' }, dissection: { layer: { name: 'features.12' } } } }],
      },
      discrimination: { points: [{ uniqueDetectors: 3 }, { layer: { name: 'conv5' }, uniqueDetectors: 2 }, { uniqueDetectors: 1 }] },
    });
  });
});

describe('predictions', () => {
  const list = (filter: string, more = '') =>
    api.ask<{ predictions: { totalCount: number; nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }>(
      `{ predictions(model: "net-1", images: "scenes", filter: ${filter} ${more}) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`,
    );

  it('come by what was said and what is true, page after page', async () => {
    const total = async (filter: string) => (await list(filter)).data.predictions.totalCount;
    expect(await total('{}')).toBe(6);
    expect(await total('{ wrong: true }')).toBe(3);
    expect(await total('{ wrong: false }')).toBe(3);
    expect(await total('{ predictedClass: "forest" }')).toBe(3);
    expect(await total('{ trueClass: "forest" }')).toBe(0);
    const page = (await list('{ wrong: true }', 'first: 2')).data.predictions;
    const next = (await list('{ wrong: true }', `first: 2, after: "${page.pageInfo.endCursor}"`)).data.predictions;
    expect([page.nodes.length, page.pageInfo.hasNextPage, next.nodes.length, next.pageInfo.hasNextPage]).toEqual([2, true, 1, false]);
    expect(new Set([...page.nodes, ...next.nodes].map(({ id }) => id)).size).toBe(3);
  });

  it('are refused where a class or a dataset does not exist, or the model has no head', async () => {
    expect((await list('{ trueClass: "dog" }')).errors?.[0].extensions.code).toBe('BAD_INPUT');
    expect(await codeOf('{ predictions(model: "net-1", images: "none") { totalCount } }')).toBe('NOT_FOUND');
    await api.store.pool.query(`INSERT INTO models (slug, name, format, sha256) VALUES ('bare', 'Bare', 'TALLY', '')`);
    expect(await codeOf('{ predictions(model: "bare", images: "scenes") { totalCount } }')).toBe('NOT_FOUND');
  });
});

describe('an ablation', () => {
  it('is null where there is none, and knows no unit that the layer has not', async () => {
    const { data } = await api.ask(`{
      none: ablation(model: "net-1", images: "objects") { id }
      other: ablation(model: "net-1", images: "scenes", layer: "conv4") { id }
      head: ablation(model: "net-1", images: "scenes", head: "${svm}") { id }
      one: ablation(model: "net-1", images: "scenes") { class(name: "dog") { name } past: unit(index: 9) { class } before: unit(index: -1) { class } }
    }`);
    expect(data).toEqual({ none: null, other: null, head: null, one: { class: null, past: [], before: [] } });
  });
});

describe('discrimination against interpretability', () => {
  it('has a point for each layer with a head and a dissection, and the correlation over them', async () => {
    const ask = (more: string) =>
      api.ask<{ discrimination: { correlation: number | null; points: object[] } }>(
        `{ discrimination(images: "scenes", dataset: "objects" ${more}) { correlation points { model { slug } accuracy uniqueDetectors } } }`,
      );
    const { correlation, points } = (await ask('')).data.discrimination;
    expect(points).toEqual([
      { model: { slug: 'net-1' }, accuracy: 0.9, uniqueDetectors: 3 },
      { model: { slug: 'net-2' }, accuracy: 0.8, uniqueDetectors: 2 },
      { model: { slug: 'net-3' }, accuracy: 0.7, uniqueDetectors: 1 },
    ]);
    expect(correlation).toBeCloseTo(1, 12);
    // All own heads are equally good, nobody was dissected at this tau, and nothing is a part
    expect((await ask('headKind: OWN')).data.discrimination).toMatchObject({ correlation: null, points: { length: 3 } });
    expect((await ask('tau: 0.1')).data.discrimination).toEqual({ correlation: null, points: [] });
    expect((await ask('category: PART')).data.discrimination.points).toMatchObject([
      { uniqueDetectors: 0 },
      { uniqueDetectors: 0 },
      { uniqueDetectors: 0 },
    ]);
  });
});
