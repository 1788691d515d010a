import type { PrismaClient } from '../../../prisma/generated/client.ts';

const CREATED = new Date('2026-01-02T03:04:05.678Z');
const later = (minutes: number) => new Date(CREATED.getTime() + minutes * 60_000);

/** name and category in concept order; `water` is two concepts with one number. */
const CONCEPTS: [string, string, number][] = [
  ['red-c', 'COLOR', 1],
  ['blue-c', 'COLOR', 2],
  ['dog', 'OBJECT', 3],
  ['cat', 'OBJECT', 4],
  ['water', 'OBJECT', 5],
  ['tree', 'OBJECT', 6],
  ['water', 'MATERIAL', 5],
  ['wood', 'MATERIAL', 7],
];
const CATEGORIES = ['COLOR', 'OBJECT', 'MATERIAL'];

/**
 * Fills a store with a small world whose every list is `times` as long: series of checkpoints, a network beside each,
 * two layers a network, dissections of the dataset `tiny`, and one network known only from a published tally. The same
 * call gives the same rows.
 */
export async function seed(prisma: PrismaClient, times: number): Promise<void> {
  const { datasetId, conceptIds, imageIds } = await seedDataset(prisma, times);
  for (let n = 1; n <= times; n++) {
    const { id: seriesId } = await prisma.series.create({ data: { slug: `run-${n}`, name: `Run ${n}` } });
    const checkpoints = Array.from({ length: 2 * times }, (_, i) => {
      return { slug: `run-${n}@${(i + 1) * 100}`, seriesId, iteration: (i + 1) * 100, accuracy: 0.5 + i / 20 };
    });
    const models = [
      ...checkpoints,
      { slug: `run-${n}`, seriesId, iteration: 1000, accuracy: 0.9 },
      { slug: `jigsaw-${n}`, supervision: 'SELF_SUPERVISED' as const, task: 'jigsaw' },
    ];
    for (const [m, model] of models.entries()) {
      const { id: modelId } = await prisma.model.create({ data: { ...modelOf(model.slug), ...model, createdAt: later(10 * n + m) } });
      for (const [index, name] of ['conv1', 'conv2'].entries()) {
        const layer = { ...layerOf(name), index, modelId, unitCount: 4 * times };
        const { id: layerId } = await prisma.layer.create({ data: layer });
        const made = { datasetId, layerId, tau: 0.005, createdAt: later(10) };
        const key = `${model.slug} ${name}`;
        const { id } = await prisma.dissection.create({ data: { ...dissectionOf(key), ...made } });
        await seedUnits(prisma, id, times, m + index, conceptIds, imageIds);
        if (name === 'conv1') continue;
        await prisma.dissection.create({ data: { ...dissectionOf(`${key} older`), ...made, current: false, createdAt: later(5) } });
        const turned = { basis: 'ROTATION' as const, basisParameters: { seed: 0, alpha: 0.5 } };
        await prisma.dissection.create({ data: { ...dissectionOf(`${key} turned`), ...made, ...turned, createdAt: later(6) } });
      }
    }
  }
  await seedTally(prisma);
}

async function seedDataset(prisma: PrismaClient, times: number) {
  const dataset = {
    slug: 'tiny',
    name: 'Tiny',
    path: '/nowhere',
    imageFolder: 'images',
    sha256: 'd'.repeat(64),
    imageCount: 3 * times,
    createdAt: CREATED,
  };
  const { id: datasetId } = await prisma.dataset.create({ data: dataset });
  await prisma.datasetCategory.createMany({ data: CATEGORIES.map((category, index) => ({ datasetId, category, index })) });
  const extra = Array.from({ length: 2 * (times - 1) }, (_, i): [string, string, number] => [`cat-${i}`, 'MATERIAL', 100 + i]);
  const concepts = await prisma.concept.createManyAndReturn({
    data: [...CONCEPTS, ...extra].map(([name, category, number], index) => {
      return { datasetId, index, category, number, name, synonyms: [], frequency: 10 - (index % 8), coverage: index / 4 };
    }),
  });
  const images = await prisma.image.createManyAndReturn({
    data: Array.from({ length: 3 * times }, (_, index) => {
      return { datasetId, index, file: `${index}.png`, split: 'train', height: 8, width: 8, maskHeight: 4, maskWidth: 4 };
    }),
  });
  return { datasetId, conceptIds: concepts.map(({ id }) => id), imageIds: images.map(({ id }) => id) };
}

/**
 * Label of unit k is one of the first seven concepts, with an IoU that often ties; `wood` labels none and is second
 * best for all.
 */
export async function seedUnits(
  prisma: PrismaClient,
  dissectionId: number,
  times: number,
  d: number,
  conceptIds: number[],
  imageIds: number[],
) {
  const labelOf = (k: number) => (k + d) % (CONCEPTS.length - 1);
  const units = await prisma.unit.createManyAndReturn({
    data: Array.from({ length: 4 * times }, (_, k) => {
      const label = { labelId: conceptIds[labelOf(k)], category: CONCEPTS[labelOf(k)][1], iou: ((k * 3 + d) % 5) / 20 };
      return { dissectionId, index: k, threshold: k / 2, silent: k % 4 === 3, maxActivation: k + 1.5, ...label };
    }),
  });
  await prisma.unitScore.createMany({
    data: units.flatMap(({ id, index: k, iou }) => {
      const others = Array.from({ length: times }, (_, i) => (labelOf(k) + 1 + i) % (CONCEPTS.length - 1));
      return [labelOf(k), CONCEPTS.length - 1, ...others].map((concept, place) => {
        const intersection = BigInt(Math.round(1000 * iou)) - BigInt(place);
        return { unitId: id, conceptId: conceptIds[concept], iou: iou - place / 1000, intersection, union: 1000n };
      });
    }),
  });
  await prisma.topImage.createMany({
    data: units.flatMap(({ id, index: k }) =>
      Array.from({ length: 2 * times }, (_, i) => {
        const map = Buffer.from(new Float32Array([k + 1.5 - i / 4, 0, 0, 0]).buffer);
        return { unitId: id, rank: i + 1, imageId: imageIds[(k + i) % imageIds.length], maxActivation: k + 1.5 - i / 4, map };
      }),
    ),
  });
}

/** ResNet's units from a published tally: no file, no thresholds, no images. */
async function seedTally(prisma: PrismaClient) {
  const { id: datasetId } = await prisma.dataset.create({
    data: { slug: 'published', name: 'Published', imageCount: 0, createdAt: CREATED },
  });
  await prisma.datasetCategory.create({ data: { datasetId, category: 'OBJECT', index: 0 } });
  const concept = { datasetId, index: 0, category: 'OBJECT' as const, number: 1, name: 'dog', synonyms: [], frequency: 0, coverage: 0 };
  const { id: labelId } = await prisma.concept.create({ data: concept });
  const tally = { ...modelOf('published'), format: 'TALLY' as const, path: null, inputShape: [], mean: [], std: [], classes: [] };
  const { id: modelId } = await prisma.model.create({ data: { ...tally, createdAt: CREATED } });
  const { id: layerId } = await prisma.layer.create({ data: { ...layerOf('layer4'), modelId, index: 0, unitCount: 2 } });
  const provenance = { ...dissectionOf('published'), datasetSha256: null, tau: 0.005, createdAt: CREATED };
  const { id: dissectionId } = await prisma.dissection.create({ data: { ...provenance, layerId, datasetId } });
  const unit = { dissectionId, threshold: null, maxActivation: null, silent: false };
  await prisma.unit.createMany({
    data: [
      { ...unit, index: 0, labelId, iou: 0.25, category: 'OBJECT' },
      { ...unit, index: 1, labelId: null, iou: 0, category: null },
    ],
  });
}

const modelOf = (slug: string) => ({
  slug,
  name: slug.toUpperCase(),
  format: 'ONNX' as const,
  path: `/nowhere/${slug}.onnx`,
  sha256: 'a'.repeat(64),
  architecture: 'alexnet-mini',
  trainingData: 'scenes',
  inputShape: [3, 8, 8],
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.25, 0.25],
  classes: ['indoor', 'outdoor'],
});

const layerOf = (name: string) => ({
  name,
  gridHeight: 2,
  gridWidth: 2,
  rfHeight: 7,
  rfWidth: 7,
  strideY: 4,
  strideX: 4,
  offsetY: 1.5,
  offsetX: 1.5,
});

export const dissectionOf = (key: string) => ({
  key,
  modelSha256: 'a'.repeat(64),
  datasetSha256: 'd'.repeat(64),
  engine: 'onnxruntime-node',
  engineVersion: '1.29.0',
  provider: 'cpu',
  codeVersion: '0.1.0',
  parameters: { mean: [0.5, 0.5, 0.5] },
});
