import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Api, serve } from '../graphql/api.ts';
import { seed } from '../graphql/seed.ts';

interface Page {
  edges: { cursor: string; node: { slug: string; index: number; iou: number; id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
}

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

describe('pages', () => {
  let api: Api;
  beforeAll(async () => {
    api = await serve(({ prisma }) => seed(prisma, 3));
  });
  afterAll(() => api?.close());

  const models = async (args: string) => {
    const answer = await api.ask<{ models: Page }>(`{ models(${args}) { totalCount ${PAGE_INFO} edges { cursor node { slug } } } }`);
    expect(answer.errors).toBeUndefined();
    return answer.data.models;
  };
  const slugs = (page: Page) => page.edges.map((edge) => edge.node.slug);

  it.each(['SLUG_ASC', 'CREATED_DESC', 'ACCURACY_DESC'])(
    'of models in order %s give every model once, forwards and backwards',
    async (order) => {
      const all = slugs(await models(`orderBy: ${order}, first: 100`));
      expect(all).toHaveLength(25);
      expect(new Set(all).size).toBe(25);

      const forwards: string[] = [];
      for (let page = await models(`orderBy: ${order}, first: 4`); ; ) {
        forwards.push(...slugs(page));
        expect(page.totalCount).toBe(25);
        if (!page.pageInfo.hasNextPage) break;
        page = await models(`orderBy: ${order}, first: 4, after: "${page.pageInfo.endCursor}"`);
        expect(page.pageInfo.hasPreviousPage).toBe(true);
      }
      expect(forwards).toEqual(all);

      const backwards: string[] = [];
      for (let page = await models(`orderBy: ${order}, last: 4`); ; ) {
        backwards.unshift(...slugs(page));
        if (!page.pageInfo.hasPreviousPage) break;
        page = await models(`orderBy: ${order}, last: 4, before: "${page.pageInfo.startCursor}"`);
        expect(page.pageInfo.hasNextPage).toBe(true);
      }
      expect(backwards).toEqual(all);
    },
  );

  it('are ordered as they say: models without an accuracy last', async () => {
    const accuracies = await api.ask<{ models: { nodes: { accuracy: number | null }[] } }>(
      '{ models(orderBy: ACCURACY_DESC, first: 100) { nodes { accuracy } } }',
    );
    const values = accuracies.data.models.nodes.map(({ accuracy }) => accuracy ?? -1);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values.slice(-4)).toEqual([-1, -1, -1, -1]);
  });

  const units = async (args: string) => {
    const query = `{ units(filter: { dataset: "tiny", category: OBJECT }, ${args}) { totalCount ${PAGE_INFO} edges { cursor node { id index iou } } } }`;
    const answer = await api.ask<{ units: Page }>(query);
    expect(answer.errors).toBeUndefined();
    return answer.data.units;
  };

  it.each(['IOU_DESC', 'IOU_ASC', 'INDEX_ASC'])(
    'of units across models in order %s give every unit once, though many tie',
    async (order) => {
      const { totalCount } = await units('first: 0');
      const all: Page['edges'] = [];
      for (let page = await units(`orderBy: ${order}, first: 37`); ; ) {
        all.push(...page.edges);
        if (!page.pageInfo.hasNextPage) break;
        page = await units(`orderBy: ${order}, first: 37, after: "${page.pageInfo.endCursor}"`);
      }
      expect(all).toHaveLength(totalCount);
      expect(new Set(all.map(({ node }) => node.id)).size).toBe(totalCount);
      const keys = all.map(({ node }) => (order === 'INDEX_ASC' ? node.index : order === 'IOU_ASC' ? node.iou : -node.iou));
      expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    },
  );

  it('start with no previous page, and are empty but counted with first: 0', async () => {
    const page = await models('first: 0');
    expect(page).toEqual({
      totalCount: 25,
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('hold 20 rows unless asked', async () => {
    expect((await models('orderBy: SLUG_ASC')).edges).toHaveLength(20);
  });

  it.each([
    ['first: 501', /first must be from 0 to 500, not 501/],
    ['first: -1', /first must be from 0 to 500, not -1/],
    ['last: 501', /last must be from 0 to 500/],
    ['first: 1, last: 1', /not for both/],
    ['first: 1, before: "x"', /not for both/],
    ['after: "x"', /not a cursor of this list/],
    [`after: "${encode(['CREATED_DESC', '2026-01-01T00:00:00.000Z', 1])}"`, /not a cursor of this list in this order/],
    [`after: "${encode(['SLUG_ASC', 'a', 1])}"`, /not a cursor/],
    [`after: "${encode(['SLUG_ASC', 1])}"`, /not a cursor/],
    [`after: "${encode(['SLUG_ASC', 'a\0b'])}"`, /not a cursor/],
    [`orderBy: CREATED_DESC, after: "${encode(['CREATED_DESC', 'yesterday', 1])}"`, /not a cursor/],
    [`orderBy: ACCURACY_DESC, after: "${encode(['ACCURACY_DESC', 0.5, 2 ** 40])}"`, /not a cursor/],
  ])('are refused with %s', async (args, message) => {
    const { errors } = await api.ask(`{ models(${args}) { nodes { slug } } }`);
    expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code: 'BAD_INPUT' } }]);
  });
});

describe('a cursor', () => {
  it('stays at its row while rows are inserted before and behind it', async () => {
    const api = await serve(async ({ prisma }) => seed(prisma, 1));
    try {
      const ask = async (after: string) => {
        const query = `{ units(filter: { dataset: "tiny", concept: "dog" }, first: 2${after}) { edges { cursor node { id iou } } } }`;
        const answer: Answer<{ units: Page }> = await api.ask(query);
        return answer.data.units.edges;
      };
      const first = await ask('');
      const next = await ask(`, after: "${first[1].cursor}"`);

      const dog = await api.store.prisma.concept.findFirstOrThrow({ where: { name: 'dog', dataset: { slug: 'tiny' } } });
      const { id: dissectionId } = await api.store.prisma.dissection.findFirstOrThrow({ where: { key: 'run-1 conv1' } });
      const unit = { dissectionId, labelId: dog.id, category: dog.category, silent: false };
      await api.store.prisma.unit.createMany({
        data: [
          { ...unit, index: 100, iou: 0.9 },
          { ...unit, index: 101, iou: first[0].node.iou },
        ],
      });

      expect(await ask(`, after: "${first[1].cursor}"`)).toEqual(next);
      expect(await ask('')).not.toEqual(first);
    } finally {
      await api.close();
    }
  });
});

function encode(cursor: unknown[]): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}
