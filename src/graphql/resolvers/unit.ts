import { DEFAULT_MIN_IOU } from '../../../core/defaults.ts';
import { imageUrl, overlayUrl } from '../../images/urls.ts';
import { countOf } from '../connections.ts';
import type { TopImageResolvers, UnitResolvers, UnitScoreResolvers } from '../generated/resolvers.ts';
import { globalId } from '../ids.ts';

const DEFAULT_SCORES = 10;
const DEFAULT_IMAGES = 9;

export const Unit: UnitResolvers = {
  id: (unit) => globalId('Unit', unit.id),
  label: (unit, _, { loaders }) => (unit.labelId === null ? null : loaders.node.Concept.load(unit.labelId)),
  isDetector: (unit, { minIou }) => unit.labelId !== null && unit.iou > (minIou ?? DEFAULT_MIN_IOU),
  scores: (unit, { category, first }, { loaders }) =>
    loaders.topScores.load({ id: unit.id, args: { category: category ?? null, first: countOf('first', first ?? DEFAULT_SCORES) } }),
  topImages: (unit, { first }, { loaders }) =>
    loaders.topImages.load({ id: unit.id, args: { first: countOf('first', first ?? DEFAULT_IMAGES) } }),
  dissection: (unit, _, { loaders }) => loaders.node.Dissection.load(unit.dissectionId),
};

export const UnitScore: UnitScoreResolvers = {
  concept: (score, _, { loaders }) => loaders.node.Concept.load(score.conceptId),
};

export const TopImage: TopImageResolvers = {
  image: (top, _, { loaders }) => loaders.node.Image.load(top.imageId),
  imageUrl: (top) => imageUrl(top.imageId),
  overlayUrl: (top) => overlayUrl(top.unitId, top.rank),
};
