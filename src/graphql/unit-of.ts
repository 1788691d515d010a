import { DEFAULT_TAU } from '../../core/defaults.ts';
import type { Loaders } from './loaders/index.ts';
import type { UnitRefRow, UnitRow } from './rows.ts';

/** The unit in the dissection that says what it detects; null where its layer has not been dissected so. */
export async function unitOf({ layerId, unitIndex, dataset }: UnitRefRow, loaders: Loaders): Promise<UnitRow | null> {
  const dissectionId = await loaders.unitDissection.load({ id: layerId, args: { dataset, tau: DEFAULT_TAU } });
  return dissectionId === null ? null : loaders.unitAt.load({ dissectionId, index: unitIndex });
}
