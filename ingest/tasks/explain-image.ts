import { DissectoryError } from '../../core/errors.ts';
import type { ExplainPayload } from '../../store/queue/payload.ts';
import type { Store } from '../../store/store.ts';
import { computeFeatures } from '../heads/features/compute-features.ts';
import type { OpenedLayers } from '../heads/features/opened-layers.ts';
import { headOf } from '../heads/linear-head.ts';
import { predict } from '../heads/predict.ts';

/**
 * Makes sure that the store holds all that explains a prediction: the layer's features and maps of the image, and what
 * the head says of it. What is there already is not computed again.
 *
 * @returns ids of model and head
 * @throws NOT_FOUND, BAD_INPUT where the model has no head, BAD_MODEL, BAD_IMAGE
 */
export async function explainImage(
  store: Store,
  opened: OpenedLayers,
  { model: slug, image: imageId, head: headId }: ExplainPayload,
): Promise<{ model: number; head: number }> {
  const head = await headOf(store, slug, headId);
  const result = { model: head.model.id, head: head.id };
  const image = await store.prisma.image.findUnique({
    where: { id: imageId },
    include: {
      dataset: true,
      features: { where: { layerId: head.layerId, maps: { not: null } }, select: { imageId: true } },
      predictions: { where: { headId: head.id }, select: { id: true } },
    },
  });
  if (!image) throw new DissectoryError('NOT_FOUND', `There is no image ${imageId}.`);
  if (image.features.length === 0) {
    await computeFeatures(store, await opened.get(head.model, head.layer.name), [image], { maps: true });
  }
  if (image.predictions.length > 0) return result;
  const className = image.classIndex === null ? null : image.dataset.classes[image.classIndex];
  await predict(store, head, [{ id: imageId, className }]);
  return result;
}
