import { DEFAULT_MIN_IOU } from '../../../core/defaults.ts';
import { unitStates } from '../../../store/results/unit-states.ts';
import { requireSize } from '../../images/sprite-size.ts';
import { activationUrl, imageUrl, overlayUrl } from '../../images/urls.ts';
import { countOf } from '../connections.ts';
import type { TopImageResolvers, UnitConnectionResolvers, UnitResolvers, UnitScoreResolvers } from '../generated/resolvers.ts';
import { toOne } from '../nodes/to-one.ts';
import { wantedOf } from '../nodes/wanted.ts';
import { spriteOf } from './sprite-of.ts';

const DEFAULT_SCORES = 10;
const DEFAULT_IMAGES = 9;
/** Of a sprite. */
const DEFAULTS = { rows: 8, images: 7, side: 96, masks: true };

export const Unit: UnitResolvers = {
  ...unitStates,
  isDetector: (unit, { minIou }) => unit.labelId !== null && unit.iou > (minIou ?? DEFAULT_MIN_IOU),
  scores(unit, { category, first }, { loaders, budget }, info) {
    if (unit.scores) return budget.count(unit.scores);
    const asked = { category: category ?? null, first: countOf('first', first ?? DEFAULT_SCORES) };
    return loaders.topScores.load({ id: unit.id, args: { ...asked, concept: wantedOf(info, 'Concept', ['concept']) } });
  },
  topImages(unit, { first }, { loaders, budget }, info) {
    if (unit.topImages) return budget.count(unit.topImages);
    const asked = { first: countOf('first', first ?? DEFAULT_IMAGES) };
    return loaders.topImages.load({ id: unit.id, args: { ...asked, image: wantedOf(info, 'Image', ['image']) } });
  },
  stripUrl: (unit, args, { loaders }) => spriteOf([unit], withDefaults(args), loaders),
};

export const UnitConnection: UnitConnectionResolvers = {
  sprites({ nodes }, args, { loaders }) {
    const { rows, ...size } = withDefaults(args);
    requireSize(rows, size.images, size.side);
    const groups = Array.from({ length: Math.ceil(nodes.length / rows) }, (_, i) => nodes.slice(i * rows, (i + 1) * rows));
    return Promise.all(groups.map(async (units) => ({ url: await spriteOf(units, size, loaders), rows: units.length })));
  },
};

/** null is as good as not set. */
const withDefaults = (args: { [name in keyof typeof DEFAULTS]?: (typeof DEFAULTS)[name] | null }): typeof DEFAULTS => ({
  rows: args.rows ?? DEFAULTS.rows,
  images: args.images ?? DEFAULTS.images,
  side: args.side ?? DEFAULTS.side,
  masks: args.masks ?? DEFAULTS.masks,
});

export const UnitScore: UnitScoreResolvers = {
  concept: toOne('concept', 'Concept', 'conceptId'),
};

export const TopImage: TopImageResolvers = {
  image: toOne('image', 'Image', 'imageId'),
  imageUrl: (top, asked) => imageUrl(top.imageId, asked),
  overlayUrl: (top, asked) => overlayUrl(top.unitId, top.rank, asked),
  activationUrl: (top, { width }) => activationUrl(top.unitId, top.rank, width),
};
