import { DissectoryError } from '../../core/errors.ts';
import type { ModelFormat } from '../../core/targets.ts';
import { type Layer, type Model, Prisma } from '../../prisma/generated/client.ts';
import type { Channels, Resize } from '../../prisma/generated/enums.ts';
import type { Store } from '../../store/store.ts';
import type { ModelFacts } from '../engine/card.ts';
import type { FixedInputs, LayerInfo } from '../engine/engine.ts';
import { forgetFeatures, seesOtherwise } from './forget-features.ts';

/** What the store keeps of a layer. */
export type LayerRecord = Pick<LayerInfo, 'name' | 'index' | 'units' | 'grid' | 'receptiveField'> &
  Partial<Pick<LayerInfo, 'tensor' | 'module' | 'aliases'>>;

/** Names that mean this layer and no other. */
const namesOf = ({ name, tensor, module, aliases = [] }: LayerRecord) =>
  [name, tensor, module, ...aliases].filter((one) => typeof one === 'string');

/** A model as it is registered. A fact that is left out keeps what is stored. */
export interface ModelRecord extends ModelFacts {
  slug: string;
  sha256: string;
  format: ModelFormat;
  /** null for published tallies. */
  path: string | null;
  /** Channels, height, width; empty for published tallies. */
  inputShape: number[];
  channels?: Channels;
  /** Per channel, of pixel / 255. */
  mean: number[];
  std: number[];
  resize?: Resize;
  /** Rows, columns, and how many tokens come before them. */
  tokens?: number[];
  /** Of inputs beside the image. */
  inputs?: FixedInputs | null;
  output?: string | null;
  /** Those that are not listed are left out. */
  layers: readonly (LayerRecord & { listed: boolean })[];
}

/**
 * Stores a model with those of its layers that are listed, whole or not at all.
 *
 * The same file under the same slug again is the same row, with the facts given last; where these change what it sees,
 * its features are forgotten. Throws CONFLICT where the slug belongs to another file.
 */
export async function registerModel({ prisma }: Store, { layers, ...record }: ModelRecord): Promise<Model> {
  const register = async (transaction: Prisma.TransactionClient) => {
    const before = await transaction.model.findUnique({ where: { slug: record.slug } });
    const model = await upsertModel(transaction, record);
    if (model.sha256 !== record.sha256) {
      const message = `Model "${record.slug}" exists with another file than ${record.path ?? 'this tally'}: choose another slug.`;
      throw new DissectoryError('CONFLICT', message);
    }
    if (before && seesOtherwise(before, model)) await forgetFeatures(transaction, model.id);
    await upsertLayers(
      transaction,
      layers.filter(({ listed }) => listed),
      model.id,
    );
    return model;
  };
  return prisma.$transaction(register, { maxWait: 10_000, timeout: 60_000 });
}

/**
 * The row of a layer that is asked for. All names of a layer mean one row: it bears the name under which results were
 * first asked for.
 */
export async function ensureLayer({ prisma }: Store, modelId: number, layer: LayerRecord): Promise<Layer> {
  const row = layerRow(modelId, layer);
  const ensure = async (transaction: Prisma.TransactionClient) => {
    const rows = await transaction.layer.findMany({ where: { modelId, name: { in: namesOf(layer) } }, include: RESULTS });
    const known = rows.find(({ name }) => name === layer.name) ?? rows.find(hasResults) ?? rows[0];
    if (!known) return transaction.layer.upsert({ where: { modelId_name: { modelId, name: row.name } }, create: row, update: row });
    const name = hasResults(known) ? known.name : row.name;
    return transaction.layer.update({ where: { id: known.id }, data: { ...row, name } });
  };
  return prisma.$transaction(ensure, { maxWait: 10_000, timeout: 60_000 });
}

/** Counted in the statement that reads the layer: a transaction's connection takes one statement at a time. */
const RESULTS = {
  _count: { select: { dissections: true, experiments: true, heads: true, ablations: true, features: true } },
} as const satisfies Prisma.LayerInclude;

function hasResults({ _count }: Prisma.LayerGetPayload<{ include: typeof RESULTS }>): boolean {
  return Object.values(_count).some((count) => count > 0);
}

async function upsertModel(
  transaction: Prisma.TransactionClient,
  { series: slug, inputs, ...record }: Omit<ModelRecord, 'layers'>,
): Promise<Model> {
  const series = slug && (await transaction.series.upsert({ where: { slug }, create: { slug, name: slug }, update: { slug } }));
  const fixed = inputs === undefined ? {} : { inputs: (inputs as Prisma.InputJsonValue | null) ?? Prisma.DbNull };
  const { sha256, ...facts } = { ...record, ...fixed, ...(series && { seriesId: series.id }) };
  return transaction.model.upsert({
    where: { slug: record.slug },
    create: { name: record.slug, ...facts, sha256 },
    update: facts,
  });
}

async function upsertLayers(transaction: Prisma.TransactionClient, layers: readonly LayerRecord[], modelId: number): Promise<void> {
  const known = new Set((await transaction.layer.findMany({ where: { modelId }, select: { name: true } })).map(({ name }) => name));
  const rows = layers.map((layer) => {
    const name = namesOf(layer).find((one) => known.has(one)) ?? layer.name;
    return layerRow(modelId, { ...layer, name });
  });
  await transaction.layer.createMany({ data: rows, skipDuplicates: true });
  for (const { modelId, name, ...geometry } of rows) {
    // Another version of the code may have read another geometry from the graph
    await transaction.layer.updateMany({ where: { modelId, name, NOT: geometry }, data: geometry });
  }
}

function layerRow(modelId: number, { name, index, units, grid, receptiveField }: LayerRecord) {
  return {
    modelId,
    name,
    index,
    unitCount: units,
    gridHeight: grid.height,
    gridWidth: grid.width,
    rfHeight: receptiveField?.height ?? null,
    rfWidth: receptiveField?.width ?? null,
    strideY: grid.strideY,
    strideX: grid.strideX,
    offsetY: grid.offsetY,
    offsetX: grid.offsetX,
  };
}
