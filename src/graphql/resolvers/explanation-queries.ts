import { DissectoryError } from '../../../core/errors.ts';
import { rowOf } from '../../../core/ids.ts';
import { rowsOf } from '../../../store/sql/statement.ts';
import { connectionOf, countIn, pageOf } from '../connections.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import type { Loaders } from '../loaders/index.ts';
import { selectNode } from '../nodes/select-node.ts';
import { NODES, wantedOf, withInstants } from '../nodes/wanted.ts';
import { given } from '../sql/filter.ts';
import { shapeOf, valuesOf } from '../sql/keyset.ts';
import { predictionCount, predictionOrders, predictionPage } from '../sql/predictions.ts';
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

  async predictions(_, { model: slug, images, head: asked, filter, ...args }, context, info) {
    const { store, budget, loaders } = context;
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
    const shape = { given: given(selection), page: shapeOf(page), wanted: wantedOf(info, 'Prediction', ...NODES) };
    const rows = withInstants(await predictionPage(store.pool, { ...selection, ...valuesOf(page) }, shape), shape.wanted);
    return connectionOf(predictionOrders, page, budget.count(rows), async () =>
      countIn(await predictionCount(store.pool, selection, shape.given)),
    );
  },

  async ablation(_, { model: slug, images, layer, head }, context) {
    const [model, dataset] = await Promise.all([existingModel(slug, context), existingDataset(images, context)]);
    const newest = selectNode('Ablation')
      .innerJoin('layers as l', 'l.id', 'a.layer_id')
      .where('a.dataset_id', '=', dataset.id)
      .where('l.model_id', '=', model.id)
      .$if(layer != null, (query) => query.where('l.name', '=', layer as string))
      .$if(head != null, (query) => query.where('a.head_id', '=', rowOf('Head', head as string)))
      .orderBy('a.created_at', 'desc')
      .orderBy('a.id', 'desc')
      .limit(1);
    return (await rowsOf(context.store.pool, newest)).at(0) ?? null;
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
