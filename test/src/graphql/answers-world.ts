import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { dissectionOf } from './seed.ts';

const CONCEPTS: [string, string][] = [
  ['water', 'OBJECT'],
  ['dog', 'OBJECT'],
  ['head', 'PART'],
  ['leg', 'PART'],
  ['water', 'MATERIAL'],
  ['wood', 'MATERIAL'],
];
const CATEGORIES: string[] = ['OBJECT', 'PART', 'MATERIAL'];
const IOUS = [0, 0.02, 0.04, 0.05, 0.1, 0.3];
const UNITS = 12;

export interface WorldUnit {
  id: number;
  index: number;
  /** By category: the best concept, and its IoU. */
  best: { category: string; conceptId: number; iou: number }[];
  label: WorldUnit['best'][number] | null;
  threshold: number;
  maxActivation: number;
  silent: boolean;
  /** Of its top images, best first. */
  images: number[];
}

export interface WorldDissection {
  id: number;
  layerId: number;
  model: string;
  layer: string;
  dataset: string;
  tau: number;
  basis: 'IDENTITY' | 'ROTATION';
  current: boolean;
  units: WorldUnit[];
}

export interface World {
  dissections: WorldDissection[];
  concepts: { id: number; name: string; category: string; dataset: string }[];
  categories: readonly string[];
  /** Of dataset `a`. */
  images: number[];
}

/**
 * Two datasets, two models of two layers, each dissected at two taus, once superseded, once turned; units as dice fall,
 * the same at each call.
 */
export async function seedAnswers(prisma: PrismaClient): Promise<World> {
  const world: World = { dissections: [], concepts: [], categories: CATEGORIES, images: [] };
  const dice = diceOf(7);
  const layers: { id: number; name: string; model: string }[] = [];
  for (const model of ['m1', 'm2']) {
    const { id: modelId } = await prisma.model.create({ data: { slug: model, name: model, format: 'ONNX', sha256: model } });
    for (const [index, name] of ['conv1', 'conv2'].entries()) {
      const field = { gridHeight: 1, gridWidth: 1, strideY: 1, strideX: 1, offsetY: 0, offsetX: 0 };
      layers.push({ ...(await prisma.layer.create({ data: { modelId, name, index, unitCount: UNITS, ...field } })), model });
    }
  }
  for (const dataset of ['a', 'b']) {
    const { id: datasetId } = await prisma.dataset.create({ data: { slug: dataset, name: dataset, imageCount: 15 } });
    await prisma.datasetCategory.createMany({ data: CATEGORIES.map((category, index) => ({ datasetId, category, index })) });
    const concepts = await prisma.concept.createManyAndReturn({
      data: CONCEPTS.map(([name, category], index) => ({ datasetId, index, category, number: index + 1, name, frequency: 1, coverage: 1 })),
    });
    world.concepts.push(...concepts.map((concept) => ({ ...concept, dataset })));
    const images = await prisma.image.createManyAndReturn({
      data: Array.from({ length: 15 }, (_, index) => ({
        ...{ datasetId, index, file: `${index}.png`, split: 'train', height: 8, width: 8, maskHeight: 4, maskWidth: 4 },
      })),
    });
    if (dataset === 'a') world.images = images.map(({ id }) => id);
    for (const layer of layers) {
      for (const [tau, basis, current] of [
        [0.005, 'IDENTITY', false],
        [0.005, 'IDENTITY', true],
        [0.01, 'IDENTITY', true],
        [0.005, 'ROTATION', true],
      ] as const) {
        const asked = { tau, basis, current, ...(basis === 'ROTATION' && { basisParameters: { seed: 1, alpha: 1 } }) };
        const key = [layer.id, dataset, tau, basis, current].join();
        const createdAt = new Date(Date.UTC(2026, 0, 1, 0, world.dissections.length));
        const made = { ...dissectionOf(key), ...asked, layerId: layer.id, datasetId, createdAt };
        const { id } = await prisma.dissection.create({ data: made });
        const units = await seedUnits(prisma, id, concepts, images, dice);
        world.dissections.push({ id, layerId: layer.id, model: layer.model, layer: layer.name, dataset, tau, basis, current, units });
      }
    }
  }
  return world;
}

async function seedUnits(
  prisma: PrismaClient,
  dissectionId: number,
  concepts: { id: number; category: string }[],
  images: { id: number }[],
  dice: (sides: number) => number,
): Promise<WorldUnit[]> {
  const units: WorldUnit[] = [];
  for (let index = 0; index < UNITS; index++) {
    const best = CATEGORIES.map((category) => {
      const ofCategory = concepts.filter((concept) => concept.category === category);
      return { category, conceptId: ofCategory[dice(ofCategory.length)].id, iou: IOUS[dice(IOUS.length)] };
    });
    const highest = best.reduce((top, one) => (one.iou > top.iou ? one : top));
    const label = highest.iou > 0 ? highest : null;
    const threshold = dice(3);
    const state = { threshold, maxActivation: threshold + (dice(2) === 0 ? 0 : 60), silent: dice(3) === 0 };
    const own = { index, ...state, labelId: label?.conceptId ?? null, category: label?.category ?? null, iou: highest.iou };
    const { id } = await prisma.unit.create({ data: { dissectionId, ...own } });
    const byCategory = best.map(({ category, conceptId, iou }) => ({
      unitId: id,
      category,
      activated: 1,
      bestId: conceptId,
      bestIou: iou,
    }));
    await prisma.unitCategory.createMany({ data: byCategory });
    // Stored in no order, with equal IoUs among them
    const scores = concepts.map((concept, i) => ({
      unitId: id,
      conceptId: concept.id,
      iou: IOUS[(i * 5 + index) % 3],
      intersection: 1n,
      union: 2n,
    }));
    await prisma.unitScore.createMany({ data: scores.toReversed() });
    const first = dice(images.length);
    const top = Array.from({ length: 4 }, (_, i) => images[(first + i) % images.length].id);
    await prisma.topImage.createMany({
      data: top.map((imageId, i) => ({ unitId: id, rank: i + 1, imageId, maxActivation: 9 - i, map: new Uint8Array(4) })),
    });
    units.push({ id, index, best, label, ...state, images: top });
  }
  return units;
}

/** Numbers from 0 up to, not with, the number of sides: the same after the same seed. */
function diceOf(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % sides;
  };
}
