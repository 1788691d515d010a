/**
 * What is answered to a name that does not exist, everywhere alike:
 * - a field that looks one thing up by its own name (`model(slug:)`, `layer(name:)`, `concept(dataset:, name:)`,
 * `node(id:)`, ...) gives null;
 * - what a question is about beside that (`dataset:`, `model:`, `images:`, a LayerRef, ...) must exist: NOT_FOUND,
 * naming it;
 * - a condition of a filter that nothing fulfils gives an empty list, and counts of 0;
 * - what must be one of a few things that are known (a class of a head, a unit of a layer) is BAD_INPUT, naming those.
 */
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

/**
 * Checks why nothing was found: an answer that is empty for want of a name is an error. Names are looked up only then,
 * so that an answer that is not empty costs nothing more.
 *
 * @returns what it was given, where it is not empty or all names exist. Throws NOT_FOUND.
 */
export async function orMissing<Answer>(
  answer: Answer,
  { dataset, model }: { dataset?: string | null; model?: string | null },
  context: Context,
): Promise<Answer> {
  const isEmpty = answer === null || (Array.isArray(answer) && answer.length === 0);
  if (isEmpty && dataset != null) await existingDataset(dataset, context);
  if (isEmpty && model != null) await existingModel(model, context);
  return answer;
}
