import { DissectoryError } from '../../../core/errors.ts';
import { rowOf } from '../../../core/ids.ts';
import { Prisma } from '../../../prisma/generated/client.ts';
import { connectionOf, pageOf } from '../connections.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import type { Loaders } from '../loaders/index.ts';
import { predictionCount, predictionOrders, predictionPage } from '../sql/predictions.ts';
import { selectRows } from '../sql/select-rows.ts';
import { discrimination } from './discrimination.ts';
import { existingDataset, existingModel } from './existing.ts';
import { headOf, placeInHead } from './head.ts';

type ExplanationQueries = Pick<QueryResolvers, 'explanation' | 'predictions' | 'ablation' | 'discrimination'>;

export const explanationQueries: ExplanationQueries = {
  async explanation(_, { model: slug, image, class: name, head: asked }, context) {
    const { loaders } = context;
    const imageId = rowOf('Image', image);
    const head = await headOf(await existingModel(slug, context), asked, loaders);
    const prediction = head && (await loaders.predictionOfImage.load({ id: head.id, args: { imageId } }));
    return prediction && { prediction, place: name == null ? prediction.predicted : await placeInHead(prediction.headId, name, loaders) };
  },

  async predictions(_, { model: slug, images, head: asked, filter, ...args }, context) {
    const { prisma, budget, loaders } = context;
    const [model, dataset] = await Promise.all([existingModel(slug, context), existingDataset(images, context)]);
    const head = await headOf(model, asked, loaders);
    if (!head) {
      throw new DissectoryError('NOT_FOUND', `Model "${slug}" has no head yet: explain an image, or train one, and it has.`);
    }
    const selection = {
      headId: head.id,
      datasetId: dataset.id,
      wrong: filter?.wrong,
      trueClasses: await placesOf(head.id, filter?.trueClass, loaders),
      predictedClasses: await placesOf(head.id, filter?.predictedClass, loaders),
    };
    const page = pageOf(predictionOrders, 'ID_ASC', args);
    const rows = budget.count(await selectRows(prisma, 'Prediction', predictionPage(selection, page)));
    return connectionOf(predictionOrders, page, rows, async () => {
      const [{ count }] = await prisma.$queryRaw<[{ count: number }]>(predictionCount(selection));
      return count;
    });
  },

  async ablation(_, { model: slug, images, layer, head }, context) {
    const [model, dataset] = await Promise.all([existingModel(slug, context), existingDataset(images, context)]);
    const conditions = [
      Prisma.sql`a.dataset_id = ${dataset.id}`,
      Prisma.sql`a.layer_id IN (SELECT l.id FROM layers l WHERE l.model_id = ${model.id} AND ${layer == null ? Prisma.sql`TRUE` : Prisma.sql`l.name = ${layer}`})`,
    ];
    if (head != null) conditions.push(Prisma.sql`a.head_id = ${rowOf('Head', head)}`);
    const newest = Prisma.sql`${Prisma.join(conditions, ' AND ')} ORDER BY a.created_at DESC, a.id DESC LIMIT 1`;
    return (await selectRows(context.prisma, 'Ablation', newest)).at(0) ?? null;
  },

  async discrimination(_, args, context) {
    const [images, dataset] = await Promise.all([args.images, args.dataset].map((slug) => existingDataset(slug, context)));
    return discrimination(images, dataset, args, context);
  },
};

/** Every place at which a class of this name stands; undefined where none is asked for. */
async function placesOf(headId: number, name: string | null | undefined, loaders: Loaders): Promise<number[] | undefined> {
  if (name == null) return undefined;
  await placeInHead(headId, name, loaders); // throws where there is none
  const names = await loaders.classNames.load(headId);
  return names.flatMap((one, place) => (one === name ? [place] : []));
}
