import { DissectoryError } from '../../core/errors.ts';
import { rowOf } from '../../core/ids.ts';
import type { LayerUnitFilter, UnitFilter } from './generated/schema.ts';
import type { UnitConditions } from './sql/units.ts';

/**
 * The conditions of a filter of units. Throws BAD_ID where `conceptId` is no concept's, BAD_INPUT where one thing is
 * said by two names.
 */
export function conditionsOf(filter: UnitFilter | LayerUnitFilter): UnitConditions {
  const { concept, conceptId, search, category, minIou, rule, thresholdIsMinimum, neverFires, saturated } = filter;
  const silent = 'silent' in filter ? filter.silent : null;
  if (silent != null && thresholdIsMinimum != null) {
    throw new DissectoryError('BAD_INPUT', 'silent is the former name of thresholdIsMinimum: give only the latter.');
  }
  return {
    ...{ concept, search, category, minIou, rule, neverFires, saturated },
    conceptId: conceptId == null ? null : rowOf('Concept', conceptId),
    thresholdIsMinimum: thresholdIsMinimum ?? silent,
  };
}
