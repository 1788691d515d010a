/** Registered things, opened: what the store says of them must still be so on disk. */
import { DissectoryError } from '../../core/errors.ts';
import type { Dataset, Model } from '../../prisma/generated/client.ts';
import type { CacheOptions } from '../../store/objects/cache.ts';
import type { Store } from '../../store/store.ts';
import type { Fingerprinted } from '../dataset/open.ts';
import type { FixedInputs, Network, Normalisation } from '../engine/engine.ts';
import { openNetwork } from '../engine/open.ts';
import { openDatasetAt } from './dataset-here.ts';
import { modelHere } from './model-here.ts';

/**
 * The network, and how pixels are normalised for it. Throws NOT_FOUND where no model is registered under the slug,
 * BAD_MODEL where it has no file or its file changed since.
 */
export async function openModel(store: Store, slug: string): Promise<{ model: Model; network: Network; normalisation: Normalisation }> {
  const model = await store.prisma.model.findUnique({ where: { slug } });
  if (!model)
    throw new DissectoryError('NOT_FOUND', `No model "${slug}" is registered: add it with \`dissectory model add FILE --slug ${slug}\`.`);
  if (model.path === null)
    throw new DissectoryError('BAD_MODEL', `Model "${slug}" has no file (its units came from a published tally): it cannot be dissected.`);
  const [, height, width] = model.inputShape;
  const [rows, columns, skip] = model.tokens;
  const tokens = rows === undefined ? null : { height: rows, width: columns, skip };
  const network = await openNetwork(await modelHere(model.path), {
    inputSize: { height, width },
    tokens,
    channels: model.channels,
    inputs: model.inputs as FixedInputs | null,
    output: model.output,
    classes: model.classes.length,
  });
  if (network.sha256 !== model.sha256) {
    throw new DissectoryError(
      'BAD_MODEL',
      `${model.path} changed since it was registered as "${slug}": register the new file under a slug of its own.`,
    );
  }
  return { model, network, normalisation: { mean: model.mean, std: model.std } };
}

/**
 * One in object storage is copied here first.
 *
 * Throws NOT_FOUND where no dataset is registered under the slug, BAD_DATASET where it has no folder or its folder
 * changed since, and what `cached` throws.
 */
export async function openDataset(store: Store, slug: string, copying?: CacheOptions): Promise<{ dataset: Dataset; dense: Fingerprinted }> {
  const dataset = await store.prisma.dataset.findUnique({ where: { slug } });
  if (!dataset)
    throw new DissectoryError(
      'NOT_FOUND',
      `No dataset "${slug}" is registered: add it with \`dissectory dataset add DIR --slug ${slug}\`.`,
    );
  if (dataset.kind !== 'BRODEN') {
    const what = dataset.kind === 'LABELLED' ? 'holds images by class' : 'holds what people sent in';
    throw new DissectoryError('BAD_INPUT', `Dataset "${slug}" ${what}: only densely labelled datasets can be dissected over.`);
  }
  if (dataset.path === null)
    throw new DissectoryError(
      'BAD_DATASET',
      `Dataset "${slug}" has no folder (only published tallies refer to it): nothing can be dissected over it.`,
    );
  const known = await store.prisma.concept.findMany({ where: { datasetId: dataset.id }, orderBy: { index: 'asc' } });
  const dense = await openDatasetAt(dataset.path, { format: dataset.format, known, copying });
  if (dense.sha256 !== dataset.sha256) {
    throw new DissectoryError(
      'BAD_DATASET',
      `${dataset.path} changed since it was added as "${slug}": add it again under a slug of its own, or restore it.`,
    );
  }
  return { dataset, dense };
}
