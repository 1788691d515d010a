import { DissectoryError } from '../../../core/errors.ts';
import type { Context } from '../context.ts';
import type { DatasetRow, ModelRow } from '../rows.ts';

/** Throws NOT_FOUND: an unknown dataset in an argument is a slip of the pen, not an empty answer. */
export async function existingDataset(slug: string, { loaders }: Context): Promise<DatasetRow> {
  const dataset = await loaders.datasetBySlug.load(slug);
  if (dataset) return dataset;
  throw new DissectoryError(
    'NOT_FOUND',
    `There is no dataset "${slug}". The query { datasets { nodes { slug } } } lists those that exist.`,
  );
}

/** Throws NOT_FOUND, as above. */
export async function existingModel(slug: string, { loaders }: Context): Promise<ModelRow> {
  const model = await loaders.modelBySlug.load(slug);
  if (model) return model;
  throw new DissectoryError('NOT_FOUND', `There is no model "${slug}". The query { models { nodes { slug } } } lists those that exist.`);
}
