import { connectionOf, pageOf } from '../connections.ts';
import type { ConceptImageResolvers, ConceptResolvers } from '../generated/resolvers.ts';
import { conceptImageOrders } from '../sql/concept-images.ts';

export const Concept: ConceptResolvers = {
  async images(concept, args, { loaders }) {
    const page = pageOf(conceptImageOrders, 'COVERAGE_DESC', args);
    const rows = await loaders.conceptImagePage.load({ id: concept.id, args: { page } });
    return connectionOf(conceptImageOrders, page, rows, () => loaders.conceptImageCount.load({ id: concept.id, args: {} }));
  },
};

export const ConceptImage: ConceptImageResolvers = {
  concept: ({ conceptId }, _, { loaders }) => loaders.node.Concept.load(conceptId),
  image: ({ imageId }, _, { loaders }) => loaders.node.Image.load(imageId),
};
