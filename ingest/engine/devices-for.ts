import { DissectoryError } from '../../core/errors.ts';
import { type Device, devicesAmong, ENGINE_DEVICES, type EngineFormat, type Target, targetsOf } from '../../core/targets.ts';

/**
 * The devices that an engine tries, best first: those among the targets, or all where no target is given.
 *
 * Throws BAD_INPUT where all targets are of other engines: the model would run where nobody asked for it.
 */
export function devicesFor<F extends EngineFormat>(format: F, targets: readonly Target[] = []): readonly Device<F>[] {
  if (targets.length === 0) return ENGINE_DEVICES[format].devices;
  const devices = devicesAmong(format, targets);
  if (devices.length > 0) return devices;
  const message = `This model runs in ${ENGINE_DEVICES[format].runtime}: choose --target auto or ${targetsOf(format).join(', ')}, not ${targets}.`;
  throw new DissectoryError('BAD_INPUT', message);
}
