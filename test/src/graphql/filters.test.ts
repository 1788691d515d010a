import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, serve } from './api.ts';
import { seed } from './seed.ts';

interface FoundUnit {
  index: number;
  iou: number;
  silent: boolean;
  label: { name: string; category: string } | null;
  dissection: { current: boolean; basis: string; tau: number; layer: { name: string; model: { slug: string } } };
}

describe('filters', () => {
  let api: Api;
  beforeAll(async () => {
    api = await serve(async ({ prisma }) => {
      await seed(prisma, 2);
      const older = await prisma.dissection.findFirstOrThrow({ where: { key: 'run-1 conv2 older' } });
      const turned = await prisma.dissection.findFirstOrThrow({ where: { key: 'run-1 conv2 turned' } });
      const dog = await prisma.concept.findFirstOrThrow({ where: { name: 'dog', dataset: { slug: 'tiny' } } });
      const finer = await prisma.dissection.create({
        data: { ...older, id: undefined, basisParameters: undefined, parameters: {}, key: 'finer', tau: 0.01, current: true },
      });
      await prisma.unit.createMany({
        data: [older, turned, finer].map(({ id }) => {
          return { dissectionId: id, index: 50, silent: false, iou: 0.99, labelId: dog.id, category: 'OBJECT' as const };
        }),
      });
    });
  });
  afterAll(() => api?.close());

  const units = async (filter: string) => {
    const fields = 'index iou silent label { name category } dissection { current basis tau layer { name model { slug } } }';
    const answer = await api.ask<{ units: { totalCount: number; nodes: FoundUnit[] } }>(
      `{ units(filter: { dataset: "tiny" ${filter} }, first: 500) { totalCount nodes { ${fields} } } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.units.nodes).toHaveLength(answer.data.units.totalCount);
    return answer.data.units.nodes;
  };

  it('units: only current dissections in the own basis with the tau asked for', async () => {
    const all = await units('');
    expect(all).toHaveLength(2 * 6 * 2 * 8);
    for (const { dissection } of all) expect(dissection).toMatchObject({ current: true, basis: 'IDENTITY', tau: 0.005 });

    const finer = await units('tau: 0.01');
    expect(finer).toMatchObject([{ index: 50, iou: 0.99, dissection: { tau: 0.01 } }]);
  });

  it('units: a name in two categories is found in both, or in the one asked for', async () => {
    const categories = async (filter: string) => new Set((await units(filter)).map(({ label }) => `${label?.name} ${label?.category}`));
    expect(await categories('concept: "water"')).toEqual(new Set(['water OBJECT', 'water MATERIAL']));
    expect(await categories('concept: "water", category: MATERIAL')).toEqual(new Set(['water MATERIAL']));
    expect(await categories('category: COLOR')).toEqual(new Set(['red-c COLOR', 'blue-c COLOR']));
  });

  it('units: minIou is strict', async () => {
    const atLeast = (await units('')).filter(({ iou }) => iou > 0.1);
    expect(await units('minIou: 0.1')).toEqual(atLeast);
    expect(atLeast.length).toBeGreaterThan(0);
  });

  it('units: models and layers narrow down, with and without a concept', async () => {
    const all = await units('');
    const chosen = all.filter(({ dissection }) => dissection.layer.name === 'conv1' && dissection.layer.model.slug === 'run-2');
    expect(chosen).toHaveLength(8);
    expect(await units('models: ["run-2", "no-such-model"], layers: ["conv1"]')).toEqual(chosen);
    expect(await units('models: ["run-2"], layers: ["conv1"], category: OBJECT')).toEqual(
      chosen.filter(({ label }) => label?.category === 'OBJECT'),
    );
    expect(await units('models: []')).toEqual([]);
  });

  it('units: nothing for a concept that no unit detects; an error for a dataset that does not exist', async () => {
    expect(await units('concept: "unicorn"')).toEqual([]);
    const { errors } = await api.ask('{ units(filter: { dataset: "tiney" }) { totalCount } }');
    expect(errors).toMatchObject([{ message: expect.stringContaining('"tiney"'), extensions: { code: 'NOT_FOUND' } }]);
  });

  const layerUnits = async (args: string) => {
    const answer = await api.ask<{ model: { layer: { dissection: { units: { totalCount: number; nodes: FoundUnit[] } } } } }>(
      `{ model(slug: "run-1") { layer(name: "conv2") { dissection(dataset: "tiny") { units(${args}) { totalCount nodes { index iou silent label { name category } } } } } } }`,
    );
    expect(answer.errors).toBeUndefined();
    const { totalCount, nodes } = answer.data.model.layer.dissection.units;
    expect(nodes).toHaveLength(totalCount);
    return nodes;
  };

  it('units of a dissection: by label, category, IoU and silence; in the order of units unless asked', async () => {
    const all = await layerUnits('orderBy: INDEX_ASC');
    expect(all.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await layerUnits('filter: {}')).toEqual(all);
    expect(await layerUnits('filter: { silent: true }')).toEqual(all.filter(({ silent }) => silent));
    expect(await layerUnits('filter: { silent: false, minIou: 0.05 }')).toEqual(all.filter(({ silent, iou }) => !silent && iou > 0.05));
    expect(await layerUnits('filter: { concept: "water" }')).toEqual(all.filter(({ label }) => label?.name === 'water'));
    expect(await layerUnits('filter: { category: OBJECT }')).toEqual(all.filter(({ label }) => label?.category === 'OBJECT'));
    const byIou = await layerUnits('orderBy: IOU_DESC');
    expect(byIou.map(({ iou }) => iou)).toEqual(all.map(({ iou }) => iou).toSorted((a, b) => b - a));
  });

  it('models: each condition, and all together', async () => {
    const slugs = async (filter: string) => {
      const { data } = await api.ask<{ models: { nodes: { slug: string }[] } }>(`{ models(filter: ${filter}) { nodes { slug } } }`);
      return data.models.nodes.map(({ slug }) => slug);
    };
    expect(await slugs('{ search: "JIG" }')).toEqual(['jigsaw-1', 'jigsaw-2']);
    expect(await slugs('{ series: "run-2" }')).toEqual(['run-2', 'run-2@100', 'run-2@200', 'run-2@300', 'run-2@400']);
    expect(await slugs('{ supervision: SELF_SUPERVISED, task: "jigsaw", search: "2" }')).toEqual(['jigsaw-2']);
    expect(await slugs('{ architecture: "vgg" }')).toEqual([]);
    expect(await slugs('{ trainingData: "scenes", series: "no-such-series" }')).toEqual([]);
    expect(await slugs('{ search: "%" }')).toEqual([]);
  });

  it('concepts: by category and any part of the name, whatever its case', async () => {
    const names = async (args: string) => {
      const { data } = await api.ask<{ concepts: { nodes: { name: string }[] } }>(
        `{ concepts(dataset: "tiny", ${args}) { nodes { name } } }`,
      );
      return data.concepts.nodes.map(({ name }) => name);
    };
    expect(await names('search: "-C"')).toEqual(['red-c', 'blue-c']);
    expect(await names('search: "wat", category: MATERIAL')).toEqual(['water']);
    expect(await names('category: OBJECT')).toEqual(['dog', 'cat', 'water', 'tree']);
    expect(await names('search: "_"')).toEqual([]);
  });
});
