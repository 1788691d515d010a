import { keyOf } from '../../core/key.ts';
import type { DissectionRecord } from './record.ts';

/** All that a dissection's numbers depend on. */
export type DissectionIdentity = Omit<DissectionRecord, 'units'>;

/** The key that a dissection is found by. Two that differ in anything never share one. */
export const dissectionKey = ({ layerId, datasetId, tau, basis, basisParameters, provenance }: DissectionIdentity): string =>
  keyOf({ layerId, datasetId, tau, basis, basisParameters, provenance });
