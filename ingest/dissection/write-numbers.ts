import type { Store } from '../../store/store.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import { iouOf } from '../labelling/iou/iou.ts';
import { labellerOf, type Method } from '../labelling/labellers.ts';
import { writeDissection } from '../write/dissection.ts';
import { type DissectionIdentity, dissectionKey } from '../write/key.ts';
import { writeLabelling } from '../write/labelling.ts';
import type { LayerNumbers } from './numbers.ts';
import { labellingOf } from './provenance.ts';
import { subjectOf } from './subject.ts';
import { keptScores, labelsAtAnyTau, unitRecords } from './unit-records.ts';

interface Wanted {
  /** Place in what was computed. */
  tau: number;
  identity: DissectionIdentity;
}

/**
 * Stores a reading's numbers as dissections, and what the methods make of them; what is stored already stays.
 *
 * @param ofTaus all that were computed together
 * @param wanted which of them are to be stored
 * @throws STORE_FULL, STORE_UNAVAILABLE, the signal's reason
 */
export async function writeNumbers(
  store: Store,
  ofTaus: readonly LayerNumbers[],
  wanted: readonly Wanted[],
  { dense, methods, signal }: { dense: DenseDataset; methods: readonly Method[]; signal?: AbortSignal },
): Promise<void> {
  const labels = labelsAtAnyTau(ofTaus, dense);
  for (const { tau, identity } of wanted) {
    signal?.throwIfAborted();
    const numbers = ofTaus[tau];
    const { layer, parts, activity, concepts } = numbers;
    await writeDissection(store, { ...identity, units: unitRecords(numbers, dense, labels) });
    const subject = subjectOf(layer, dense, methods);
    const observed = { subject, labels: numbers, activity, concepts };
    const kept = (unit: number) =>
      iouOf({ ...observed, part: parts.iou }, unit, keptScores(layer, labels[unit])).scores.map(({ concept }) => concept);
    for (const method of methods) {
      signal?.throwIfAborted();
      const units = labellerOf(method).finish({ ...observed, part: parts[method], kept });
      await writeLabelling(store, labellingOf(dissectionKey(identity), method), units);
    }
  }
}
