import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { dissectionOf } from './seed.ts';

/** name of a concept and IoU, one a unit; null where the unit has no label. */
export type Labels = readonly (readonly [string, number] | null)[];

const CONCEPTS: [string, string][] = [
  ['red-c', 'COLOR'],
  ['blue-c', 'COLOR'],
  ['dog', 'OBJECT'],
  ['cat', 'OBJECT'],
  ['car', 'OBJECT'],
  ['street-s', 'SCENE'],
];

/**
 * Shares of red and blue, and of two patterns, of each concept; none for the street, which no pixel of the dataset
 * carries.
 */
const PROFILES = [
  [
    [1, 0],
    [0.5, 0.5],
  ],
  [
    [0, 1],
    [0.5, 0.5],
  ],
  [
    [0.75, 0.25],
    [1, 0],
  ],
  [
    [0.5, 0.5],
    [0.25, 0.75],
  ],
  [
    [0.25, 0.75],
    [0, 1],
  ],
  [[], []],
];

/**
 * An indexed dataset `d`, and one layer `conv` of each checkpoint of the series `run`, dissected so that its units are
 * labelled as given.
 */
export async function seedRun(
  prisma: PrismaClient,
  checkpoints: readonly { slug: string; iteration: number; labels: Labels }[],
): Promise<void> {
  const { id: datasetId } = await prisma.dataset.create({ data: { slug: 'd', name: 'D', imageCount: 0 } });
  await prisma.datasetCategory.createMany({
    data: (['COLOR', 'OBJECT', 'SCENE'] as const).map((category, index) => ({ datasetId, category, index })),
  });
  const concepts = new Map<string, { id: number; category: string }>();
  for (const [index, [name, category]] of CONCEPTS.entries()) {
    const data = { datasetId, index, category, number: index + 1, name, synonyms: [], frequency: 0, coverage: 0 };
    const [colors, patterns] = PROFILES[index];
    concepts.set(name, await prisma.concept.create({ data: { ...data, profile: { create: { colors, patterns } } } }));
  }
  const { id: seriesId } = await prisma.series.create({ data: { slug: 'run', name: 'Run' } });
  const field = { gridHeight: 1, gridWidth: 1, strideY: 1, strideX: 1, offsetY: 0, offsetX: 0 };
  for (const { slug, iteration, labels } of checkpoints) {
    const model = await prisma.model.create({ data: { slug, name: slug, format: 'ONNX', sha256: slug, seriesId, iteration } });
    const layer = await prisma.layer.create({ data: { modelId: model.id, name: 'conv', index: 0, unitCount: labels.length, ...field } });
    const units = labels.map((label, index) => {
      const concept = label && concepts.get(label[0]);
      return { index, silent: false, iou: label?.[1] ?? 0, labelId: concept?.id ?? null, category: concept?.category ?? null };
    });
    await prisma.dissection.create({ data: { ...dissectionOf(slug), layerId: layer.id, datasetId, tau: 0.005, units: { create: units } } });
  }
}
