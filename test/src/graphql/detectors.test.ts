import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { type Api, serve } from './api.ts';

/**
 * Four units over two categories; concepts a, b (OBJECT) and p (PART). Best concept of each category, and so the label:
 */
const UNITS: { object: [string | null, number]; part: [string | null, number] }[] = [
  { object: ['a', 0.1], part: ['p', 0.05] },
  { object: ['a', 0.06], part: ['p', 0.04] },
  { object: ['b', 0.05], part: ['p', 0.08] },
  { object: ['b', 0.04], part: [null, 0] },
];

async function fill(prisma: PrismaClient) {
  const { id: datasetId } = await prisma.dataset.create({ data: { slug: 'hand', name: 'Hand', imageCount: 0 } });
  const categories: string[] = ['OBJECT', 'SCENE', 'PART'];
  await prisma.datasetCategory.createMany({ data: categories.map((category, index) => ({ datasetId, category, index })) });
  const concepts = await prisma.concept.createManyAndReturn({
    data: (['a', 'b', 'p'] as const).map((name, index) => {
      return { datasetId, index, category: name === 'p' ? 'PART' : 'OBJECT', number: index + 1, name, frequency: 1, coverage: 1 };
    }),
  });
  const idOf = (name: string | null) => concepts.find((concept) => concept.name === name)?.id ?? null;
  const { id: modelId } = await prisma.model.create({ data: { slug: 'net', name: 'Net', format: 'ONNX', sha256: 'a' } });
  const grid = { gridHeight: 1, gridWidth: 1, strideY: 1, strideX: 1, offsetY: 0, offsetX: 0 };
  const { id: layerId } = await prisma.layer.create({ data: { modelId, name: 'conv', index: 0, unitCount: 4, ...grid } });
  const provenance = { modelSha256: 'a', engine: 'e', engineVersion: '1', provider: 'cpu', codeVersion: '1', parameters: {} };
  const { id: dissectionId } = await prisma.dissection.create({ data: { layerId, datasetId, tau: 0.005, key: 'k', ...provenance } });
  for (const [index, { object, part }] of UNITS.entries()) {
    const [label, iou] = object[1] >= part[1] ? object : part;
    const top = { labelId: idOf(label), iou, category: label === 'p' ? ('PART' as const) : ('OBJECT' as const) };
    const { id: unitId } = await prisma.unit.create({ data: { dissectionId, index, silent: false, ...top } });
    await prisma.unitCategory.createMany({
      data: [
        { unitId, category: 'OBJECT', activated: 1, bestId: idOf(object[0]), bestIou: object[1] },
        { unitId, category: 'PART', activated: 1, bestId: idOf(part[0]), bestIou: part[1] },
      ],
    });
  }
}

const COUNTS = (args: string) => `
  uniqueDetectors${args}
  uniqueDetectorRatio${args}
  byCategory${args} { category uniqueDetectors detectors }`;

describe('unique detectors', () => {
  let api: Api;
  beforeAll(async () => {
    api = await serve(({ prisma }) => fill(prisma));
  });
  afterAll(() => api?.close());

  const counts = async (fields: string) => {
    const answer = await api.ask<{ model: { layer: { dissection: Record<string, unknown> } } }>(
      `{ model(slug: "net") { layer(name: "conv") { dissection(dataset: "hand") { ${fields} } } } }`,
    );
    expect(answer.errors).toBeUndefined();
    return answer.data.model.layer.dissection;
  };

  // Labels: a 0.1, a 0.06, p 0.08, b 0.04 (not above 0.04).
  it('TOP_LABEL: a unit counts once, for its top label', async () => {
    expect(await counts(COUNTS(''))).toEqual({
      uniqueDetectors: 2,
      uniqueDetectorRatio: 0.5,
      byCategory: [
        { category: 'OBJECT', uniqueDetectors: 1, detectors: 2 },
        { category: 'SCENE', uniqueDetectors: 0, detectors: 0 },
        { category: 'PART', uniqueDetectors: 1, detectors: 1 },
      ],
    });
  });

  // Objects above 0.04: a, a, b. Parts: p of the first and the third unit.
  it('PER_CATEGORY: a unit may count once in each category', async () => {
    expect(await counts(COUNTS('(rule: PER_CATEGORY)'))).toEqual({
      uniqueDetectors: 3,
      uniqueDetectorRatio: 0.75,
      byCategory: [
        { category: 'OBJECT', uniqueDetectors: 2, detectors: 3 },
        { category: 'SCENE', uniqueDetectors: 0, detectors: 0 },
        { category: 'PART', uniqueDetectors: 1, detectors: 2 },
      ],
    });
  });

  it('follow minIou strictly under both rules, and the category', async () => {
    const fields = `
      top: uniqueDetectors(minIou: 0.05) per: uniqueDetectors(minIou: 0.05, rule: PER_CATEGORY)
      all: uniqueDetectors(minIou: 0) none: uniqueDetectors(minIou: 0.1)
      parts: uniqueDetectors(category: PART) objects: uniqueDetectors(category: OBJECT, rule: PER_CATEGORY)
      scenes: uniqueDetectors(category: SCENE) defaults: uniqueDetectors(minIou: null, rule: null)`;
    expect(await counts(fields)).toEqual({ top: 2, per: 2, all: 3, none: 0, parts: 1, objects: 2, scenes: 0, defaults: 2 });
  });

  it('stand beside the detectors themselves', async () => {
    expect(await counts('detectors parts: detectors(category: PART) high: detectors(minIou: 0.07)')).toEqual({
      detectors: 3,
      parts: 1,
      high: 2,
    });
    const { units } = (await counts('units { nodes { isDetector at: isDetector(minIou: 0.06) } }')) as { units: { nodes: unknown } };
    expect(units.nodes).toEqual([
      { isDetector: true, at: true },
      { isDetector: true, at: false },
      { isDetector: true, at: true },
      { isDetector: false, at: false },
    ]);
  });

  it('are compared by the rule and threshold asked for', async () => {
    const { data } = await api.ask(
      `{ compare(layers: [{ model: "net", layer: "conv" }, { model: "net" }], dataset: "hand", minIou: 0.05, rule: PER_CATEGORY) {
        minIou rule layers { unitCount uniqueDetectors uniqueDetectorRatio detectors byCategory { uniqueDetectors } } } }`,
    );
    const layer = {
      unitCount: 4,
      uniqueDetectors: 2,
      uniqueDetectorRatio: 0.5,
      detectors: 3,
      byCategory: [{ uniqueDetectors: 1 }, { uniqueDetectors: 0 }, { uniqueDetectors: 1 }],
    };
    expect(data).toEqual({ compare: { minIou: 0.05, rule: 'PER_CATEGORY', layers: [layer, layer] } });
  });

  it.each([
    ['{ model: "nett", layer: "conv" }', /no model "nett"/],
    ['{ model: "net", layer: "conv9" }', /"net" has no layer "conv9".*conv/],
  ])('compare refuses %s, naming it', async (ref, message) => {
    const { errors } = await api.ask(`{ compare(layers: [${ref}], dataset: "hand") { minIou } }`);
    expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code: 'NOT_FOUND' } }]);
  });

  it('compare takes no more than 100 layers', async () => {
    const refs = Array.from({ length: 101 }, () => '{ model: "net", layer: "conv" }');
    const { errors } = await api.ask(`{ compare(layers: [${refs}], dataset: "hand") { minIou } }`);
    expect(errors).toMatchObject([{ message: expect.stringContaining('at most 100 layers, not 101'), extensions: { code: 'BAD_INPUT' } }]);
  });
});
