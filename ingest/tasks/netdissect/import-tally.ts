import { plainCategory } from '../../../core/category.ts';
import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import type { Prisma } from '../../../prisma/generated/client.ts';
import { withLock } from '../../../store/lock.ts';
import { CODE_VERSION } from '../../../store/package.ts';
import type { Store } from '../../../store/store.ts';
import { findDissection, writeDissection } from '../../write/dissection.ts';
import { dissectionKey } from '../../write/key.ts';
import type { UnitRecord } from '../../write/record.ts';
import { type PublishedTally, readTally, type TallyCategory, type TallyUnit } from './read-tally.ts';

export interface ImportRequest {
  file: string;
  /** Slug; registered as a model without a file where there is none. */
  model: string;
  layer: string;
  /** Slug; registered as a dataset without a folder where there is none. */
  dataset: string;
}

/**
 * Imports the published tally.csv of one layer: each unit's best concept of each category, with its exact counts.
 * Thresholds, maxima and images are not in a tally and stay unknown. The same file again finds what it left.
 *
 * @returns the dissection's id, and whether it is new
 * @throws BAD_TALLY, CONFLICT where model, layer or dataset are there already but do not fit the tally
 */
export async function importTally(store: Store, request: ImportRequest): Promise<{ id: number; units: number; created: boolean }> {
  const tally = await readTally(request.file);
  return withLock(store, { name: `import ${request.dataset}`, onWait: () => {} }, async () => {
    const { dataset, layer } = await store.prisma.$transaction(
      async (transaction) => ({
        dataset: await tallyDataset(transaction, request.dataset, tally),
        layer: await tallyLayer(transaction, request, tally),
      }),
      { maxWait: 10_000, timeout: 60_000 },
    );
    const identity = {
      layerId: layer.id,
      datasetId: dataset.id,
      tau: DEFAULT_TAU,
      basis: 'IDENTITY' as const,
      basisParameters: null,
      provenance: {
        modelSha256: layer.modelSha256,
        datasetSha256: null,
        engine: 'netdissect',
        engineVersion: 'published',
        provider: 'import',
        codeVersion: CODE_VERSION,
        parameters: { tally: tally.sha256 },
      },
    };
    const known = await findDissection(store, dissectionKey(identity));
    if (known) return { id: known.id, units: tally.units.length, created: false };
    const units = tally.units.map((unit) => unitRecord(unit, dataset.conceptIndex));
    const { id } = await writeDissection(store, { ...identity, units });
    return { id, units: units.length, created: true };
  });
}

const conceptKey = (category: string, name: string) => `${category} ${name}`;

async function tallyDataset(transaction: Prisma.TransactionClient, slug: string, tally: PublishedTally) {
  const categories = tally.units[0].categories.map(({ category }) => category);
  const dataset = await transaction.dataset.upsert({
    where: { slug },
    update: {},
    create: { slug, name: slug, imageCount: 0, categories: { create: categories.map((category, index) => ({ category, index })) } },
    include: { concepts: true },
  });
  const conceptIndex = new Map(dataset.concepts.map(({ category, name, index }) => [conceptKey(category, name), index]));
  const wanted = new Map<string, { category: string; name: string }>();
  for (const { category, label } of tally.units.flatMap((unit) => unit.categories)) {
    if (label !== null && !conceptIndex.has(conceptKey(category, label)))
      wanted.set(conceptKey(category, label), { category, name: label });
  }
  if (wanted.size > 0 && dataset.path !== null) {
    const [{ category, name }] = wanted.values();
    throw new DissectoryError(
      'CONFLICT',
      `Dataset "${slug}" lacks labels of the tally (${plainCategory(category)} "${name}"; ${wanted.size} in all): it was not computed over this dataset; name another with --dataset.`,
    );
  }
  const added = [...wanted.values()].sort(
    (a, b) => categories.indexOf(a.category) - categories.indexOf(b.category) || (a.name < b.name ? -1 : 1),
  );
  const next = 1 + Math.max(-1, ...conceptIndex.values());
  // A tally knows names only: label number, frequency and coverage are 0, which no concept of a dataset on disk has.
  await transaction.concept.createMany({
    data: added.map((one, i) => ({ ...one, datasetId: dataset.id, index: next + i, number: 0, frequency: 0, coverage: 0 })),
  });
  for (const [i, { category, name }] of added.entries()) conceptIndex.set(conceptKey(category, name), next + i);
  return { id: dataset.id, conceptIndex };
}

async function tallyLayer(transaction: Prisma.TransactionClient, { model: slug, layer: name }: ImportRequest, tally: PublishedTally) {
  const unitCount = tally.units.length;
  const model = await transaction.model.upsert({
    where: { slug },
    update: {},
    create: { slug, name: slug, format: 'TALLY', sha256: tally.sha256 },
    include: { layers: true },
  });
  const known = model.layers.find((layer) => layer.name === name);
  if (known && known.unitCount !== unitCount) {
    throw new DissectoryError(
      'CONFLICT',
      `Layer ${name} of "${slug}" has ${known.unitCount} units, the tally ${unitCount}: name another model or layer.`,
    );
  }
  if (!known && model.format !== 'TALLY') {
    const names = model.layers.map((layer) => layer.name).join(', ');
    throw new DissectoryError('LAYER_NOT_FOUND', `Model "${slug}" has no layer ${name}; it has ${names}.`);
  }
  const layer =
    known ??
    (await transaction.layer.create({
      data: {
        modelId: model.id,
        name,
        index: model.layers.length,
        unitCount,
        gridHeight: 0,
        gridWidth: 0,
        strideY: 0,
        strideX: 0,
        offsetY: 0,
        offsetX: 0,
      },
    }));
  return { id: layer.id, modelSha256: model.sha256 };
}

function unitRecord({ index, categories }: TallyUnit, conceptIndex: ReadonlyMap<string, number>): UnitRecord {
  const best = (one: TallyCategory) => (one.label === null ? null : (conceptIndex.get(conceptKey(one.category, one.label)) as number));
  const scores = categories
    .flatMap((one) => {
      const concept = best(one);
      return concept === null ? [] : [{ concept, iou: one.iou, intersection: one.intersection, union: one.union }];
    })
    .sort((a, b) => b.iou - a.iou || a.concept - b.concept);
  return {
    index,
    threshold: null,
    silent: false,
    maxActivation: null,
    label: scores[0]?.concept ?? null,
    iou: scores[0]?.iou ?? 0,
    scores,
    categories: categories.map((one) => ({
      category: one.category,
      activated: one.activated,
      best: best(one),
      bestIou: one.iou,
      bestIntersection: one.intersection,
      bestUnion: one.union,
    })),
    topImages: [],
  };
}
