/**
 * One rule, said in src/graphql/resolvers/existing.ts: what is looked up is null, what a question is about must exist,
 * a condition may fit nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportLayers } from '../../../ingest/tasks/export/layers.ts';
import { globalId } from '../../../src/graphql/ids.ts';
import { type Api, serve } from './api.ts';
import { seedExplanations } from './seed-explanations.ts';

let api: Api;
beforeAll(async () => {
  api = await serve(({ prisma }) => seedExplanations(prisma, 2));
});
afterAll(() => api?.close());

const image = globalId('Image', 1);
const EXPLAINED = `explanation(model: "net-1", image: "${image}")`;
const SERIES = 'series(slug: "s")';
const LAYER = 'model(slug: "net-1") { layer(name: "conv5")';

beforeAll(() => api.store.pool.query(`INSERT INTO series (slug, name) VALUES ('s', 'S')`));

describe('a name that does not exist', () => {
  it.each([
    '{ found: model(slug: "none") { id } }',
    '{ found: dataset(slug: "none") { id } }',
    '{ found: series(slug: "none") { id } }',
    '{ found: concept(dataset: "objects", name: "none") { id } }',
    '{ found: concept(dataset: "none", name: "dog") { id } }',
    `{ found: node(id: "${globalId('Unit', 99_999)}") { id } }`,
    `{ found: job(id: "${globalId('Job', 99_999)}") { id } }`,
  ])('is null where it is what is looked up: %s', async (query) => {
    expect(await api.ask(query)).toEqual({ data: { found: null } });
  });

  it.each([
    '{ concepts(dataset: "none") { totalCount } }',
    '{ units(filter: { dataset: "none" }) { totalCount } }',
    '{ compare(layers: [], dataset: "none") { minIou } }',
    '{ compare(layers: [{ model: "none" }], dataset: "objects") { minIou } }',
    `{ ${LAYER} { dissection(dataset: "none") { id } } } }`,
    `{ ${SERIES} { unitHistory(layer: "conv5", unit: 0, dataset: "none") { unit { id } } } }`,
    `{ ${SERIES} { finalLabels(layer: "conv5", dataset: "none") { unitIndex } } }`,
    `{ node(id: "${image}") { ... on Image { firingUnits(model: "none") { rank } } } }`,
    `{ ${EXPLAINED} { contributions(dataset: "none") { unit { id } } } }`,
    `{ ${EXPLAINED} { against(class: "beach", dataset: "none") { unit { id } } } }`,
    '{ ablation(model: "net-1", images: "none") { id } }',
    '{ predictions(model: "none", images: "scenes") { totalCount } }',
    '{ discrimination(images: "scenes", dataset: "none") { correlation } }',
  ])('is refused where a question is about it: %s', async (query) => {
    const { errors } = await api.ask(query);
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('"none"'), extensions: { code: 'NOT_FOUND' } });
  });

  it.each([
    '{ found: units(filter: { dataset: "objects", concept: "none" }) { totalCount nodes { id } } }',
    '{ found: units(filter: { dataset: "objects", models: ["none"] }) { totalCount nodes { id } } }',
    '{ found: units(filter: { dataset: "objects", layers: ["none"] }) { totalCount nodes { id } } }',
    '{ found: models(filter: { series: "none" }) { totalCount nodes { id } } }',
    '{ found: experiments(filter: { model: "none", dataset: "none" }) { totalCount nodes { id } } }',
    `{ found: units(filter: { dataset: "objects", conceptId: "${globalId('Concept', 99_999)}" }) { totalCount nodes { id } } }`,
  ])('fits nothing where it is a condition: %s', async (query) => {
    expect(await api.ask(query)).toEqual({ data: { found: { totalCount: 0, nodes: [] } } });
  });

  it.each([
    `{ explanation(model: "net-1", image: "${image}", class: "none") { id } }`,
    `{ ${EXPLAINED} { against(class: "none") { value } } }`,
    '{ predictions(model: "net-1", images: "scenes", filter: { trueClass: "none" }) { totalCount } }',
  ])('is refused with what there is where it must be one of a few: %s', async (query) => {
    const { errors } = await api.ask(query);
    expect(errors?.[0]).toMatchObject({ message: expect.stringMatching(/"none".*beach/), extensions: { code: 'BAD_INPUT' } });
  });

  it('is refused by the exports of the command line', async () => {
    const asked = { minIou: 0.04, rule: 'TOP_LABEL', dataset: 'objects', tau: 0.005, layer: null } as const;
    const missing = (slug: string) => ({ code: 'NOT_FOUND', message: expect.stringContaining(`"${slug}"`) });
    await expect(exportLayers(api.store, ['net-1', 'none'], asked)).rejects.toMatchObject(missing('none'));
    await expect(exportLayers(api.store, ['net-1'], { ...asked, dataset: 'nowhere' })).rejects.toMatchObject(missing('nowhere'));
  });
});
