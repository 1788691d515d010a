import { DissectoryError } from '../../../core/errors.ts';
import type { Dataset } from '../../../prisma/generated/client.ts';
import type { Store } from '../../../store/store.ts';
import type { StoredImage } from '../stored-image.ts';
import { labelledFingerprint } from './fingerprint.ts';

/** An image with the class that it is labelled with. */
export interface ClassedImage extends StoredImage {
  split: string;
  classIndex: number;
}

/**
 * Registered labelled images, as they are still on disk.
 *
 * Throws NOT_FOUND where no dataset is registered under the slug, BAD_INPUT where it is of another kind, BAD_DATASET
 * where its files changed since.
 */
export async function openLabelled({ prisma }: Store, slug: string): Promise<{ dataset: Dataset; images: ClassedImage[] }> {
  const found = await prisma.dataset.findUnique({ where: { slug }, include: { images: { orderBy: { index: 'asc' } } } });
  if (!found)
    throw new DissectoryError(
      'NOT_FOUND',
      `No images "${slug}" are registered: add them with \`dissectory images add DIR --slug ${slug}\`.`,
    );
  const { images, ...dataset } = found;
  if (dataset.kind !== 'LABELLED' || dataset.path === null) {
    const what = dataset.kind === 'BRODEN' ? 'is labelled with concepts, not with classes' : 'is what people sent in';
    throw new DissectoryError(
      'BAD_INPUT',
      `Dataset "${slug}" ${what}: classifiers need images by class, added with \`dissectory images add\`.`,
    );
  }
  const named = images.map(({ file, split, classIndex }) => ({ file, split, className: dataset.classes[classIndex as number] }));
  if ((await labelledFingerprint(dataset.path, named)) !== dataset.sha256) {
    const message = `${dataset.path} changed since it was added as "${slug}": add it again under a slug of its own, or restore it.`;
    throw new DissectoryError('BAD_DATASET', message);
  }
  return { dataset, images: images.map((image) => ({ ...image, classIndex: image.classIndex as number, dataset })) };
}
