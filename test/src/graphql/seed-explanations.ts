import { floatBytes } from '../../../core/floats.ts';
import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { dissectionOf } from './seed.ts';

const CREATED = new Date('2026-01-02T03:04:05.678Z');
const later = (minutes: number) => new Date(CREATED.getTime() + minutes * 60_000);
export const floats = (...values: number[]) => floatBytes(Float32Array.from(values));

const CLASSES = ['beach', 'forest'];
const CONCEPTS = ['sand', 'tree', 'dog'];
/** Of the three units on each image: maps of 2 x 2 cells. Sums 4 8 2, then 8 0 4. */
export const MAPS = [
  [
    [4, 0, 0, 0],
    [8, 0, 0, 0],
    [0, 0, 0, 2],
  ],
  [
    [8, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 4],
  ],
];

/**
 * Worked out by hand. The own head sees means: of image 0 that is 1 2 0.5, so beach 0.5 + 1 + 0 + 1 = 2.5 and forest 0
 * + 6 - 0.5 = 5.5; of image 1 it is 2 0 1, so beach 4.5 and forest -1. The SVM sees sums: beach 1 + 2 = 3 and forest 2;
 * beach 5 and forest 0. Both images are beaches.
 */
const HEADS = {
  OWN: {
    weights: [
      [1, 0, 2],
      [0, 3, -1],
    ],
    biases: [0.5, 0],
    said: [
      { predicted: 1, score: 5.5 },
      { predicted: 0, score: 4.5 },
    ],
  },
  SVM: {
    weights: [
      [0.5, 0, 0],
      [0, 0.25, 0],
    ],
    biases: [1, 0],
    said: [
      { predicted: 0, score: 3 },
      { predicted: 0, score: 5 },
    ],
  },
} as const;

/**
 * Fills a store with networks of one layer and two heads, labelled images and what is said of them, every list `times`
 * as long. For once, the numbers are those above; beyond that, units and images repeat.
 */
export async function seedExplanations(prisma: PrismaClient, times: number): Promise<void> {
  const labelled = {
    slug: 'scenes',
    name: 'Scenes',
    kind: 'LABELLED' as const,
    path: '/nowhere',
    sha256: 'e'.repeat(64),
    imageCount: 2 * times,
  };
  const scenes = await prisma.dataset.create({ data: { ...labelled, classes: CLASSES, createdAt: CREATED } });
  const dense = await prisma.dataset.create({ data: { slug: 'objects', name: 'Objects', imageCount: 0, createdAt: CREATED } });
  await prisma.datasetCategory.create({ data: { datasetId: dense.id, category: 'OBJECT', index: 0 } });
  const concepts = await prisma.concept.createManyAndReturn({
    data: CONCEPTS.map((name, index) => ({
      datasetId: dense.id,
      index,
      category: 'OBJECT',
      number: index + 1,
      name,
      frequency: 1,
      coverage: 0.5,
    })),
  });
  const images = await prisma.image.createManyAndReturn({
    data: Array.from({ length: 2 * times }, (_, index) => {
      return {
        datasetId: scenes.id,
        index,
        file: `test/beach/${index}.png`,
        split: 'test',
        height: 8,
        width: 8,
        maskHeight: 8,
        maskWidth: 8,
        classIndex: 0,
      };
    }),
  });
  const units = Array.from({ length: 3 * times }, (_, k) => k);
  for (let n = 1; n <= times; n++) {
    const slug = `net-${n}`;
    const { id: modelId } = await prisma.model.create({
      data: {
        slug,
        name: slug,
        format: 'ONNX',
        path: '/nowhere',
        sha256: 'a'.repeat(64),
        inputShape: [3, 8, 8],
        mean: [],
        std: [],
        classes: CLASSES,
        createdAt: CREATED,
      },
    });
    const grid = { gridHeight: 2, gridWidth: 2, strideY: 4, strideX: 4, offsetY: 1.5, offsetX: 1.5 };
    const { id: layerId } = await prisma.layer.create({ data: { modelId, name: 'conv5', index: 0, unitCount: units.length, ...grid } });
    const labels = units.map((k) => ({
      index: k,
      silent: false,
      iou: 0.3 / (k + 1),
      labelId: concepts[k % 3].id,
      category: 'OBJECT' as const,
    }));
    const made = { layerId, datasetId: dense.id, tau: 0.005, createdAt: CREATED };
    await prisma.dissection.create({
      data: { ...dissectionOf(slug), ...made, units: { create: n === 1 ? labels : labels.slice(0, 4 - n) } },
    });
    await prisma.feature.createMany({
      data: images.map(({ id: imageId, index }) => {
        const maps = units.map((k) => MAPS[index % 2][k % 3]);
        return { layerId, imageId, sums: floats(...maps.map(sum)), maps: index === 1 ? null : floats(...maps.flat()) };
      }),
    });
    for (const [place, kind] of (['OWN', 'SVM'] as const).entries()) {
      const { weights, biases, said } = HEADS[kind];
      const datasetId = kind === 'SVM' ? scenes.id : null;
      const classes = CLASSES.map((name, index) => {
        return { index, name, weights: floats(...units.map((k) => weights[index][k % 3])), bias: biases[index] };
      });
      const head = await prisma.head.create({
        data: {
          layerId,
          kind,
          datasetId,
          parameters: { codeVersion: '0.1.0' },
          key: `${slug} ${kind}`,
          createdAt: later(place),
          classes: { create: classes },
        },
      });
      const accuracy = kind === 'OWN' ? 0.5 : 1 - n / 10;
      await prisma.evaluation.create({
        data: { headId: head.id, datasetId: scenes.id, imageCount: 2 * times, accuracy, classAccuracies: [accuracy, null] },
      });
      await prisma.prediction.createMany({
        data: images.map(({ id: imageId, index }) => {
          const one = said[index % 2];
          const bias = biases[one.predicted];
          const score = bias + times * (one.score - bias);
          return { headId: head.id, imageId, predicted: one.predicted, score, trueClass: 0, wrong: one.predicted !== 0 };
        }),
      });
      if (kind === 'SVM') continue;
      const dropsOf = (drops: readonly number[]) => units.map((k) => drops[k % 3]);
      const ablated = [
        { index: 0, name: 'beach', imageCount: 2 * times, scoreDrops: dropsOf([1.5, 0, 1.5]), accuracyDrops: dropsOf([0, -0.5, 0.5]) },
        { index: 1, name: 'forest', imageCount: 0, scoreDrops: dropsOf([0, 3, -0.75]), accuracyDrops: dropsOf([0, 0, 0]) },
      ];
      const exact = {
        layerId,
        headId: head.id,
        datasetId: scenes.id,
        method: 'EXACT' as const,
        imageCount: 2 * times,
        parameters: {},
        key: slug,
      };
      await prisma.ablation.create({ data: { ...exact, createdAt: CREATED, classes: { create: ablated } } });
    }
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
