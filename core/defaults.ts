/**
 * What is meant where nobody says: by a null argument of the API as by an option of the CLI that is left out.
 * schema.graphql says the same.
 */

/** A unit is a detector above this IoU (docs/definitions.md: strictly). */
export const DEFAULT_MIN_IOU = 0.04;
/** The fraction of activations above a unit's threshold. */
export const DEFAULT_TAU = 0.005;
/** Of a sweep of tau. */
export const DEFAULT_TAUS: readonly number[] = [0.0025, DEFAULT_TAU, 0.01, 0.02, 0.04];
/** Of a rotation experiment: how far each rotation turns, and one random rotation a seed. */
export const DEFAULT_ALPHAS: readonly number[] = [0, 0.2, 0.4, 0.6, 0.8, 1];
export const DEFAULT_SEEDS: readonly number[] = [1, 2, 3, 4, 5];
