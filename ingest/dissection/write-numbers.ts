import type { Store } from '../../store/store.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import { writeDissection } from '../write/dissection.ts';
import type { DissectionIdentity } from '../write/key.ts';
import type { LayerNumbers } from './numbers.ts';
import { labelsAtAnyTau, unitRecords } from './unit-records.ts';

/**
 * Stores a reading's numbers as dissections.
 *
 * @param ofTaus all that were computed together
 * @param wanted which of them are to be stored, by their place in `ofTaus`
 * @throws STORE_FULL, STORE_UNAVAILABLE, the signal's reason
 */
export async function writeNumbers(
  store: Store,
  ofTaus: readonly LayerNumbers[],
  wanted: readonly { tau: number; identity: DissectionIdentity }[],
  broden: DenseDataset,
  signal?: AbortSignal,
): Promise<void> {
  const labels = labelsAtAnyTau(ofTaus, broden);
  for (const { tau, identity } of wanted) {
    signal?.throwIfAborted();
    await writeDissection(store, { ...identity, units: unitRecords(ofTaus[tau], broden, labels) });
  }
}
