import { DissectoryError } from '../../core/errors.ts';
import type { ModelFormat } from '../../core/targets.ts';
import type { Layer, Model, Prisma } from '../../prisma/generated/client.ts';
import type { Channels, Resize } from '../../prisma/generated/enums.ts';
import type { Store } from '../../store/store.ts';
import type { ModelFacts } from '../engine/card.ts';
import type { LayerInfo } from '../engine/engine.ts';
import { forgetFeatures, seesOtherwise } from './forget-features.ts';

/** What the store keeps of a layer. */
export type LayerRecord = Pick<LayerInfo, 'name' | 'index' | 'units' | 'grid' | 'receptiveField'>;

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
  /** Those that are not listed are left out. */
  layers: readonly (LayerRecord & { listed: boolean })[];
}

/**
 * Stores a model with those of its layers that are listed, whole or not at all.
 *
 * The same file under the same slug again is the same row, with the facts given last; where these change what it sees, its features are forgotten.
 * Throws CONFLICT where the slug belongs to
 * another file.
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
      layers.filter(({ listed }) => listed).map((layer) => layerRow(model.id, layer)),
    );
    return model;
  };
  return prisma.$transaction(register, { maxWait: 10_000, timeout: 60_000 });
}

/** Stores a layer that is not listed but asked for. The same name again is the same row. */
export async function ensureLayer({ prisma }: Store, modelId: number, layer: LayerRecord): Promise<Layer> {
  const row = layerRow(modelId, layer);
  const where = { modelId_name: { modelId, name: layer.name } };
  return prisma.layer.upsert({ where, create: row, update: row });
}

async function upsertModel(
  transaction: Prisma.TransactionClient,
  { series: slug, ...record }: Omit<ModelRecord, 'layers'>,
): Promise<Model> {
  const series = slug && (await transaction.series.upsert({ where: { slug }, create: { slug, name: slug }, update: { slug } }));
  const { sha256, ...facts } = { ...record, ...(series && { seriesId: series.id }) };
  return transaction.model.upsert({
    where: { slug: record.slug },
    create: { name: record.slug, ...facts, sha256 },
    update: facts,
  });
}

async function upsertLayers(transaction: Prisma.TransactionClient, rows: readonly LayerRow[]): Promise<void> {
  await transaction.layer.createMany({ data: [...rows], skipDuplicates: true });
  for (const row of rows) {
    // Another version of the code may have read another geometry from the graph
    const { modelId, name, ...geometry } = row;
    await transaction.layer.updateMany({ where: { modelId, name, NOT: geometry }, data: geometry });
  }
}

type LayerRow = ReturnType<typeof layerRow>;

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
