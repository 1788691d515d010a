import { DissectoryError } from '../../core/errors.ts';
import { devicesAmong, ENGINE_FORMATS, partsOfTarget, type Target, targetsOf } from '../../core/targets.ts';
import { ENGINES } from './engines.ts';

/** Where this process can compute. */
export interface TargetsHere {
  targets: Target[];
  /** One sentence for each target that does not open. */
  passedOver: string[];
}

/**
 * Finds out where networks can run by trying.
 *
 * @param chosen of an engine that none of them belongs to, all targets that open
 * @throws BAD_INPUT where one that was chosen does not open
 */
export async function targetsHere(chosen: readonly Target[]): Promise<TargetsHere> {
  const here: TargetsHere = { targets: [], passedOver: [] };
  for (const format of ENGINE_FORMATS) {
    const isChosen = devicesAmong(format, chosen).length > 0;
    for (const target of targetsOf(format)) {
      if (isChosen && !chosen.includes(target)) continue;
      try {
        await ENGINES[format].requireDevice(partsOfTarget(target).device);
        here.targets.push(target);
      } catch (error) {
        if (isChosen || !(error instanceof DissectoryError && error.code === 'BAD_INPUT')) throw error;
        here.passedOver.push(error.message);
      }
    }
  }
  return here;
}
