/**
 * The same question by every way in: the API by several routes, the exports of the command line, and counts made from
 * the units.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findByName } from '../../../ingest/cli/find-dissection.ts';
import { unitLabels } from '../../../ingest/heads/unit-labels.ts';
import { exportLayers } from '../../../ingest/tasks/export/layers.ts';
import { exportConcepts, exportIouSweep } from '../../../ingest/tasks/export/units.ts';
import { exportDissection } from '../../../ingest/tasks/export-dissection.ts';
import { globalId } from '../../../src/graphql/ids.ts';
import type { CountingRule } from '../../../store/results/counted-concepts.ts';
import { type UnitState, unitStates } from '../../../store/results/unit-states.ts';
import { seedAnswers, type World, type WorldDissection, type WorldUnit } from './answers-world.ts';
import { type Api, serve } from './api.ts';

let api: Api;
let world: World;
beforeAll(async () => {
  api = await serve(async ({ prisma }) => {
    world = await seedAnswers(prisma);
  });
});
afterAll(() => api?.close());

/** Answers without errors. */
async function ask<Data>(query: string): Promise<Data> {
  const { data, errors } = await api.ask<Data>(query);
  expect(errors).toBeUndefined();
  return data;
}

/** For which concepts a unit counts, from the unit itself. */
function counted(unit: WorldUnit, rule: CountingRule, minIou: number) {
  const concepts = rule === 'TOP_LABEL' ? [unit.label].filter((label) => label !== null) : unit.best;
  return concepts.filter(({ iou }) => iou > minIou);
}

const inOwnBasis = (): WorldDissection[] => world.dissections.filter(({ basis, current }) => basis === 'IDENTITY' && current);
const RULES: CountingRule[] = ['TOP_LABEL', 'PER_CATEGORY'];
const QUESTIONS = RULES.flatMap((rule) => [0.04, 0.02].map((minIou) => ({ rule, minIou })));

/** What a dissection's units say. */
function expected(units: readonly WorldUnit[], rule: CountingRule, minIou: number) {
  const all = units.flatMap((unit) => counted(unit, rule, minIou).map((one) => ({ ...one, index: unit.index })));
  const byCategory = world.categories.map((category) => {
    const found = all.filter((one) => one.category === category);
    return { category, uniqueDetectors: new Set(found.map(({ conceptId }) => conceptId)).size, detectors: found.length };
  });
  return {
    byCategory,
    uniqueDetectors: new Set(all.map(({ conceptId }) => conceptId)).size,
    detectors: new Set(all.map(({ index }) => index)).size,
    all,
  };
}

interface Counts {
  detectors: number;
  uniqueDetectors: number;
  byCategory: { category: string; detectors: number; uniqueDetectors: number }[];
}

describe.each(QUESTIONS)('counted by $rule above $minIou', ({ rule, minIou }) => {
  const args = `minIou: ${minIou}, rule: ${rule}`;
  const COUNTS = `detectors(${args}) uniqueDetectors(${args}) byCategory(${args}) { category detectors uniqueDetectors }`;

  it('all counts of a dissection are those of its units, by every route', async () => {
    for (const one of world.dissections) {
      const { all: _, ...counts } = expected(one.units, rule, minIou);
      const data = await ask<{ node: Counts & { iouSweep: object[] } }>(
        `{ node(id: "${globalId('Dissection', one.id)}") { ... on Dissection { ${COUNTS} iouSweep(minIous: [${minIou}], rule: ${rule}) { detectors uniqueDetectors } } } }`,
      );
      const { detectors, uniqueDetectors } = counts;
      expect(data.node).toEqual({ ...counts, iouSweep: [{ detectors, uniqueDetectors }] });
      expect(await exportIouSweep(api.store, one.id, [minIou], { minIou, rule })).toEqual([{ minIou, detectors, uniqueDetectors }]);
    }
    for (const { model, layer, dataset, tau, units } of inOwnBasis()) {
      const { all: _, ...counts } = expected(units, rule, minIou);
      const { compare, model: found } = await ask<{ compare: { layers: Counts[] }; model: { layer: { dissection: Counts } } }>(`{
        compare(layers: [{ model: "${model}", layer: "${layer}" }], dataset: "${dataset}", tau: ${tau}, ${args}) {
          layers { detectors uniqueDetectors byCategory { category detectors uniqueDetectors } } }
        model(slug: "${model}") { layer(name: "${layer}") { dissection(dataset: "${dataset}", tau: ${tau}) { ${COUNTS} } } } }`);
      expect(compare.layers).toEqual([counts]);
      expect(found.layer.dissection).toEqual(counts);
      const rows = await exportLayers(api.store, [model], { dataset, tau, layer, minIou, rule });
      const bars = rows.map(({ category, detectors, uniqueDetectors }) => ({ category, detectors, uniqueDetectors }));
      const { byCategory, ...total } = counts;
      const lower = byCategory.map((bar) => ({ ...bar, category: bar.category.toLowerCase() }));
      expect(bars).toEqual([{ category: 'total', ...total }, ...lower]);
    }
  });

  it('whatever is counted is listed, of a dissection', async () => {
    for (const one of world.dissections.filter(({ model, dataset }) => model === 'm1' && dataset === 'a')) {
      const { all } = expected(one.units, rule, minIou);
      const id = globalId('Dissection', one.id);
      const list = (filter: string) => `units(filter: { ${args}, ${filter} }, first: 100) { totalCount nodes { index } }`;
      const ofDataset = world.concepts.filter(({ dataset }) => dataset === one.dataset);
      type List = { totalCount: number; nodes: { index: number }[] };
      const { node } = await ask<{
        node: Record<string, List> & { conceptDetectors: { concepts: { detectors: number; concept: { id: string; name: string } }[] } };
      }>(`{ node(id: "${id}") { ... on Dissection {
        conceptDetectors(${args}) { concepts { detectors concept { id name } } }
        ${world.categories.map((category) => `${category}: ${list(`category: ${category}`)}`).join(' ')}
        ${ofDataset.map((concept) => `c${concept.id}: ${list(`conceptId: "${globalId('Concept', concept.id)}"`)}`).join(' ')}
        water: ${list('concept: "water"')} } } }`);
      const listed = ({ totalCount, nodes }: List) => {
        expect(totalCount).toBe(nodes.length);
        return nodes.map(({ index }) => index);
      };
      const unitsOf = (passes: (found: (typeof all)[number]) => boolean) => [...new Set(all.filter(passes).map(({ index }) => index))];
      for (const category of world.categories) expect(listed(node[category])).toEqual(unitsOf((found) => found.category === category));
      for (const concept of ofDataset) expect(listed(node[`c${concept.id}`])).toEqual(unitsOf(({ conceptId }) => conceptId === concept.id));
      // A name takes every concept of that name
      const water = new Set(ofDataset.filter(({ name }) => name === 'water').map((concept) => concept.id));
      expect(listed(node.water)).toEqual(unitsOf(({ conceptId }) => water.has(conceptId)));
      const { concepts } = node.conceptDetectors;
      expect(concepts.reduce((sum, { detectors }) => sum + detectors, 0)).toBe(all.length);
      for (const { detectors, concept } of concepts) {
        expect(all.filter(({ conceptId }) => globalId('Concept', conceptId) === concept.id)).toHaveLength(detectors);
      }
      const exported = await exportConcepts(api.store, one.id, { minIou, rule });
      expect(exported).toMatchObject(concepts.map(({ detectors, concept: { name } }) => ({ concept: name, detectors })));
    }
  });

  it('units across models are those of the dissections at the tau that is asked for', async () => {
    for (const [dataset, tau] of [
      ['a', 0.005],
      ['b', 0.01],
    ] as const) {
      const here = inOwnBasis().filter((one) => one.dataset === dataset && one.tau === tau);
      const all = here.flatMap(({ units, model }) => expected(units, rule, minIou).all.map((one) => ({ ...one, model })));
      const list = (filter: string) =>
        `units(filter: { dataset: "${dataset}", tau: ${tau}, ${args}, ${filter} }, first: 100) { totalCount nodes { id } }`;
      const ofDataset = world.concepts.filter((concept) => concept.dataset === dataset);
      const data = await ask<Record<string, { totalCount: number; nodes: object[] }>>(`{
        ${ofDataset.map(({ id }) => `c${id}: ${list(`conceptId: "${globalId('Concept', id)}"`)}`).join(' ')}
        ${world.categories.map((category) => `${category}: ${list(`category: ${category}, models: ["m1"]`)}`).join(' ')}
        all: ${list('')} }`);
      for (const { totalCount, nodes } of Object.values(data)) expect(totalCount).toBe(nodes.length);
      for (const { id } of ofDataset) expect(data[`c${id}`].totalCount).toBe(all.filter(({ conceptId }) => conceptId === id).length);
      for (const category of world.categories) {
        const found = all.filter((one) => one.category === category && one.model === 'm1');
        expect(data[category].totalCount).toBe(found.length);
      }
      expect(data.all.totalCount).toBe(here.reduce((sum, { units }) => sum + expected(units, rule, minIou).detectors, 0));
    }
  });
});

it('units that fire on an image are listed once, at the tau that is asked for', async () => {
  for (const image of world.images.slice(0, 5)) {
    for (const tau of [0.005, 0.01]) {
      const { node } = await ask<{ node: { firingUnits: { unit: { id: string } }[] } }>(
        `{ node(id: "${globalId('Image', image)}") { ... on Image { firingUnits(first: 500, tau: ${tau}) { unit { id } } } } }`,
      );
      const found = inOwnBasis()
        .filter((one) => one.tau === tau)
        .flatMap(({ units }) => units.filter(({ images }) => images.includes(image)));
      expect(node.firingUnits.map(({ unit }) => unit.id).sort()).toEqual(found.map(({ id }) => globalId('Unit', id)).sort());
    }
  }
});

it.each(Object.keys(unitStates) as UnitState[])('%s is the same as a field and as a condition', async (state) => {
  for (const one of world.dissections) {
    const { node } = await ask<{ node: Record<'all' | 'are' | 'arent', { nodes: Record<string, unknown>[] }> }>(
      `{ node(id: "${globalId('Dissection', one.id)}") { ... on Dissection {
        all: units(first: 500) { nodes { index ${state} silent threshold maxActivation } }
        are: units(first: 500, filter: { ${state}: true }) { nodes { index } } arent: units(first: 500, filter: { ${state}: false }) { nodes { index } } } } }`,
    );
    const said = (value: boolean) => node.all.nodes.filter((unit) => unit[state] === value).map(({ index }) => ({ index }));
    expect(node.are.nodes).toEqual(said(true));
    expect(node.arent.nodes).toEqual(said(false));
    expect(node.all.nodes.map((unit) => unit[state])).toEqual(
      one.units.map(({ silent, threshold, maxActivation }) =>
        state === 'thresholdIsMinimum' ? silent : silent === (state === 'neverFires') && threshold === maxActivation,
      ),
    );
  }
});

it('a unit that meets no concept has no label, and no filter of concepts finds it', async () => {
  const unlabelled = inOwnBasis().flatMap(({ units }) => units.filter(({ label }) => label === null));
  expect(unlabelled.length).toBeGreaterThan(0);
  for (const { id } of unlabelled.slice(0, 5)) {
    const { node } = await ask<{ node: object }>(
      `{ node(id: "${globalId('Unit', id)}") { ... on Unit { label { id } category isDetector } } }`,
    );
    expect(node).toEqual({ label: null, category: null, isDetector: false });
  }
});

it('units are named by the newest dissection at tau 0.005, on the command line as in the API', async () => {
  for (const { layerId, dataset, tau, units, model, layer, id } of inOwnBasis()) {
    const names = units.map(({ label }) => world.concepts.find((concept) => concept.id === label?.conceptId)?.name ?? null);
    if (tau !== 0.005) continue;
    expect((await unitLabels(api.store, { id: layerId }, dataset)).map(({ label }) => label)).toEqual(names);
    if (dataset === 'b') expect((await unitLabels(api.store, { id: layerId }, null)).map(({ label }) => label)).toEqual(names);
    await expect(findByName(api.store, `${model}/${layer}`)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(`${id} (${dataset}, tau 0.005)`),
    });
  }
});

it('scores are exported in the order in which the API lists them', async () => {
  for (const one of world.dissections) {
    const exported = await exportDissection(api.store, one.id);
    const { node } = await ask<{
      node: { units: { nodes: { scores: { iou: number; concept: { name: string; category: string } }[] }[] } };
    }>(
      `{ node(id: "${globalId('Dissection', one.id)}") { ... on Dissection { units(first: 12) { nodes { scores(first: 6) { iou concept { name category } } } } } } }`,
    );
    const listed = node.units.nodes.map(({ scores }) =>
      scores.map(({ iou, concept }) => [iou, concept.name, concept.category.toLowerCase()]),
    );
    expect(exported.units.map(({ scores }) => scores.map(({ iou, label, category }) => [iou, label, category]))).toEqual(listed);
  }
});
