import type { ConceptResolvers } from '../generated/resolvers.ts';
import { globalId } from '../ids.ts';

export const Concept: ConceptResolvers = {
  id: (concept) => globalId('Concept', concept.id),
  dataset: (concept, _, { loaders }) => loaders.node.Dataset.load(concept.datasetId),
};
