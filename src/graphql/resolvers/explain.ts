import { DissectoryError } from '../../../core/errors.ts';
import { rowOf } from '../../../core/ids.ts';
import { storeUpload } from '../../../store/uploads.ts';
import { endOfJob } from '../await-job.ts';
import type { Context } from '../context.ts';
import { enqueueAsked } from '../enqueue-asked.ts';
import type { ExplainInput, MutationResolvers } from '../generated/resolvers.ts';
import { base64Image, uploadedImage } from '../image-in.ts';
import type { ImageRow, ModelRow, PredictionRow } from '../rows.ts';
import { existingModel } from './existing.ts';
import { headOf, placeInHead } from './head.ts';

export const explainMutation: Pick<MutationResolvers, 'explain'> = {
  async explain(_, { input }, context) {
    const model = await existingModel(input.model, context);
    const head = input.head == null ? null : await headOf(model, input.head, context.loaders);
    // A class that no head of the model has is refused before an image is stored for it
    const known = head ?? (await headOf(model, null, context.loaders));
    if (known && input.class != null) await placeInHead(known.id, input.class, context.loaders);
    const image = await imageOf(input, context);
    const prediction = (await stored(model, image, input, context)) ?? (await computed(model, image, head?.id, input, context));
    const place = input.class == null ? prediction.predicted : await placeInHead(prediction.headId, input.class, context.loaders);
    return { prediction, place };
  },
};

/**
 * Throws BAD_INPUT where not exactly one source is given, BAD_ID, NOT_FOUND, and what is wrong with an image that is
 * sent in.
 */
async function imageOf({ image, upload, base64 }: ExplainInput, { store, loaders }: Context): Promise<ImageRow> {
  if ([image, upload, base64].filter((source) => source != null).length !== 1) {
    throw new DissectoryError('BAD_INPUT', 'Give exactly one of image, upload and base64.');
  }
  if (image != null) return loaders.node.Image.load(rowOf('Image', image));
  const { bytes, facts } = await (upload != null ? uploadedImage(upload) : base64Image(base64 as string));
  return storeUpload(store, bytes, facts);
}

/** What is stored with all that an explanation shows; null where something of it is missing. */
async function stored(
  model: ModelRow,
  image: ImageRow,
  { head: asked }: ExplainInput,
  { loaders }: Context,
): Promise<PredictionRow | null> {
  const head = await headOf(model, asked, loaders);
  if (!head) return null;
  const [prediction, feature] = await Promise.all([
    loaders.predictionOfImage.load({ id: head.id, args: { imageId: image.id } }),
    loaders.feature.load({ layerId: head.layerId, imageId: image.id }),
  ]);
  return feature?.hasMaps ? prediction : null;
}

/** Has a worker do it, and reads what it has stored. */
async function computed(
  model: ModelRow,
  image: ImageRow,
  head: number | undefined,
  input: ExplainInput,
  context: Context,
): Promise<PredictionRow> {
  const payload = { model: model.slug, image: image.id, ...(head !== undefined && { head }) };
  const { job } = await enqueueAsked(await context.queue.open(), { kind: 'EXPLAIN', payload });
  await endOfJob(context, job.id);
  const { headsOfModel, predictionOfImage, feature } = context.loaders; // they have read what was there before
  for (const loader of [headsOfModel, predictionOfImage, feature]) loader.clearAll();
  const prediction = await stored(model, image, input, context);
  if (prediction) return prediction;
  throw new DissectoryError('CONFLICT', 'What was computed for this image is gone again, or a newer head took its place. Ask again.');
}
