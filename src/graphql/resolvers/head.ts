import { placeOfClass } from '../../../core/class-place.ts';
import { DissectoryError } from '../../../core/errors.ts';
import { headMeant } from '../../../core/head-meant.ts';
import { rowOf } from '../../../core/ids.ts';
import type { EvaluationResolvers, HeadResolvers } from '../generated/resolvers.ts';
import type { Loaders } from '../loaders/index.ts';
import type { HeadRow, ModelRow } from '../rows.ts';

export const Head: HeadResolvers = {
  classes: (head, _, { loaders }) => loaders.classNames.load(head.id),
  evaluations: (head, _, { loaders }) => loaders.evaluationsOfHead.load(head.id),
};

export const Evaluation: EvaluationResolvers = {
  dataset: ({ datasetId }, _, { loaders }) => loaders.node.Dataset.load(datasetId),
  async classAccuracies({ headId, classAccuracies }, _, { loaders }) {
    const accuracies = classAccuracies as (number | null)[];
    return (await loaders.classNames.load(headId)).map((name, place) => ({ class: name, accuracy: accuracies[place] ?? null }));
  },
};

/**
 * The head that is asked for, or the one that speaks for the model; null where there is none yet.
 *
 * @throws BAD_ID, NOT_FOUND where `asked` is no head of this model
 */
export async function headOf(model: ModelRow, asked: string | null | undefined, loaders: Loaders): Promise<HeadRow | null> {
  const heads = await loaders.headsOfModel.load(model.id);
  if (asked == null) return headMeant(heads);
  const id = rowOf('Head', asked);
  const head = heads.find((one) => one.id === id);
  if (head) return head;
  throw new DissectoryError(
    'NOT_FOUND',
    `Model "${model.slug}" has no such head. { model(slug: "${model.slug}") { heads { id } } } lists them.`,
  );
}

/** Throws BAD_INPUT where the head has no class of that name. */
export const placeInHead = async (headId: number, name: string, loaders: Loaders): Promise<number> =>
  placeOfClass(await loaders.classNames.load(headId), name);
