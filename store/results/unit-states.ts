/**
 * What a unit's threshold says of it (docs/definitions.md, Mask): each as a condition on a row `u` of units, and read
 * from a unit. A published tally says no thresholds: then nothing is known, and the answer is null.
 */
import { type RawBuilder, sql } from 'kysely';

/** Of a row of units. */
export interface UnitThreshold {
  threshold: number | null;
  maxActivation: number | null;
  /** In the store the threshold that is the unit's minimum is called so. */
  silent: boolean;
}

export type UnitState = 'thresholdIsMinimum' | 'neverFires' | 'saturated';

/** A condition on a row `u` of units; NULL where it is not known. */
export const unitStateSql: Readonly<Record<UnitState, RawBuilder<unknown>>> = {
  /** T_k is the unit's minimum over the dataset: its mask is what is greater. */
  thresholdIsMinimum: sql`u.silent`,
  /** It has one value everywhere: its mask is empty. */
  neverFires: sql`(u.silent AND u.max_activation = u.threshold)`,
  /** T_k is the unit's maximum, on a plateau as that of ReLU6: nothing is greater. */
  saturated: sql`(NOT u.silent AND u.max_activation = u.threshold)`,
};

const isFlat = ({ threshold, maxActivation }: UnitThreshold): boolean | null =>
  threshold === null || maxActivation === null ? null : threshold === maxActivation;

/** As the conditions above. */
export const unitStates = {
  thresholdIsMinimum: (unit: UnitThreshold) => unit.silent,
  neverFires: (unit: UnitThreshold) => isFlat(unit) && unit.silent,
  saturated: (unit: UnitThreshold) => isFlat(unit) && !unit.silent,
} satisfies Record<UnitState, (unit: UnitThreshold) => boolean | null>;
