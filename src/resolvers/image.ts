import type { ImageResolvers } from '../generated/resolvers.ts';
import { globalId } from '../ids.ts';
import { imageUrl } from '../images/urls.ts';

export const Image: ImageResolvers = {
  id: (image) => globalId('Image', image.id),
  dataset: (image, _, { loaders }) => loaders.node.Dataset.load(image.datasetId),
  url: (image) => imageUrl(image.id),
};
