import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, serve } from './api.ts';
import { seed } from './seed.ts';

let api: Api;
let before: Record<string, unknown>;
beforeAll(async () => {
  api = await serve(async ({ prisma }) => {
    await seed(prisma, 1);
    const own = { slug: 'organs', name: 'Organs', imageCount: 0 };
    const { id: datasetId } = await prisma.dataset.create({ data: own });
    const categories = ['organ', 'OBJECT', 'Tissue'];
    await prisma.datasetCategory.createMany({ data: categories.map((category, index) => ({ datasetId, category, index })) });
    const concept = { datasetId, synonyms: [], frequency: 1, coverage: 0.5 };
    const concepts = [
      { category: 'organ', name: 'liver' },
      { category: 'organ', name: 'heart' },
      { category: 'OBJECT', name: 'needle' },
    ];
    await prisma.concept.createMany({ data: concepts.map((one, index) => ({ ...concept, ...one, index, number: index + 1 })) });
  });
  before = (await api.ask('{ concepts(dataset: "tiny", category: OBJECT) { nodes { name category } } }')).data;
});
afterAll(() => api.close());

describe('a category', () => {
  it('is read as a name and as a string, in capitals and in small letters, and answered in capitals', async () => {
    expect(before).toMatchObject({ concepts: { nodes: expect.arrayContaining([{ name: 'dog', category: 'OBJECT' }]) } });
    for (const written of ['object', '"object"', '"OBJECT"', '"Object"'])
      expect((await api.ask(`{ concepts(dataset: "tiny", category: ${written}) { nodes { name category } } }`)).data).toEqual(before);
    const query = 'query ($c: Category) { concepts(dataset: "tiny", category: $c) { nodes { name category } } }';
    for (const c of ['object', 'OBJECT']) expect((await api.ask(query, { c })).data).toEqual(before);
  });

  it('may be a dataset’s own, in the order and the spelling that the dataset gives', async () => {
    const { data } = await api.ask('{ dataset(slug: "organs") { categories { category conceptCount } } }');
    expect(data).toEqual({
      dataset: {
        categories: [
          { category: 'organ', conceptCount: 2 },
          { category: 'OBJECT', conceptCount: 1 },
          { category: 'Tissue', conceptCount: 0 },
        ],
      },
    });
    const found = await api.ask('{ concepts(dataset: "organs", category: "organ") { nodes { name } } }');
    expect(found.data).toEqual({ concepts: { nodes: [{ name: 'liver' }, { name: 'heart' }] } });
  });

  it('that no dataset has is refused wherever it is asked for, one of Broden’s never', async () => {
    for (const field of [
      'concepts(dataset: "tiny", category: OBJCET) { totalCount }',
      'concept(dataset: "tiny", name: "dog", category: "organs") { id }',
    ]) {
      const { errors } = await api.ask(`{ ${field} }`);
      expect(errors?.[0]).toMatchObject({
        extensions: { code: 'BAD_INPUT' },
        message: expect.stringContaining('No dataset has a category "'),
      });
    }
    const { data } = await api.ask('{ concepts(dataset: "organs", category: TEXTURE) { totalCount } }');
    expect(data).toEqual({ concepts: { totalCount: 0 } });
  });
});
