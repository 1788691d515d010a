/** What a null argument means: the same as the defaults that schema.graphql gives to absent ones. */

/** A unit is a detector above this IoU (docs/definitions.md: strictly). */
export const DEFAULT_MIN_IOU = 0.04;
/** The fraction of activations above a unit's threshold. */
export const DEFAULT_TAU = 0.005;
