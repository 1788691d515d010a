import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globalId } from '../../../src/graphql/ids.ts';
import { type Api, serve } from './api.ts';
import { seed } from './seed.ts';
import { seedExperiments } from './seed-experiments.ts';
import { seedExplanations } from './seed-explanations.ts';

const golden = ['queries', 'experiments', 'explanations'].flatMap((folder) =>
  readdirSync(path.join(import.meta.dirname, folder))
    .filter((file) => file.endsWith('.graphql'))
    .map((file): [string, string] => [`${folder}/${file}`, readFileSync(path.join(import.meta.dirname, folder, file), 'utf8')]),
);
const ids = ['Model', 'Unit', 'Dissection'].map((type) => globalId(type as 'Model', 1)).concat(globalId('Unit', 999_999));

const CASES: [string, string, Record<string, unknown>?][] = [
  ['__typename', '{ __typename models { __typename nodes { __typename slug } } }'],
  [
    'fragments and aliases',
    '{ a: models(first: 1) { ...F } b: models(last: 1) { ...F } } fragment F on ModelConnection { totalCount nodes { id s: slug } }',
  ],
  [
    'skip and include',
    'query ($no: Boolean!) { models { nodes { slug @skip(if: $no) name @include(if: $no) layers @include(if: $no) { name } } } }',
    { no: true },
  ],
  [
    'skip and include, the other way',
    'query ($no: Boolean!) { models { nodes { slug @skip(if: $no) name @include(if: $no) } } }',
    { no: false },
  ],
  ['a default of a variable', 'query ($first: Int = 1) { models(first: $first) { nodes { slug } } }'],
  ['a variable of the wrong type', 'query ($first: Int) { models(first: $first) { nodes { slug } } }', { first: 'many' }],
  ['a variable that is missing', 'query ($slug: String!) { model(slug: $slug) { slug } }'],
  ['an enum as a variable', 'query ($order: ModelOrder) { models(orderBy: $order) { nodes { slug } } }', { order: 'ACCURACY_DESC' }],
  [
    'an input as a variable',
    'query ($filter: UnitFilter!) { units(filter: $filter, first: 2) { nodes { index } } }',
    { filter: { dataset: 'tiny', concept: 'dog' } },
  ],
  ['an error at the root', '{ units(filter: { dataset: "none" }) { nodes { index } } }'],
  ['an error in a list', '{ models { nodes { slug layers { dissections { units(first: 501) { nodes { index } } } } } } }'],
  ['errors with nulls of their own', '{ a: node(id: "x") { id } b: node(id: "y") { id } models { totalCount } }'],
  ['an id that is none', '{ node(id: "x") { id } other: models { totalCount } }'],
  [
    'nodes of several types',
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Model { slug } ... on Unit { index label { name } } ... on Dissection { tau createdAt } } }',
    { ids },
  ],
  [
    'introspection',
    '{ __schema { queryType { fields { name args { name defaultValue } } } } __type(name: "UnitFilter") { inputFields { name } } }',
  ],
];

describe('a query that is compiled', () => {
  let api: Api;
  beforeAll(async () => {
    api = await serve(async ({ prisma }) => {
      await seed(prisma, 2);
      await seedExperiments(prisma, 2);
      await seedExplanations(prisma, 2);
    });
  });
  afterAll(async () => {
    await api?.close();
  });

  it.each([...golden, ...CASES])('answers as one that is not, errors too: %s', async (_, query, variables) => {
    const asked = variables ?? (query.includes('$ids') ? { ids } : undefined);
    const first = await api.ask(query, asked);
    expect(first.data ?? first.errors).toBeTruthy();
    for (let again = 0; again < 2; again++) expect(await api.ask(query, asked)).toEqual(first);
  });
});
