import { ENGINE_DEVICES } from '../../../core/targets.ts';
import { openOn, type TfjsDevice } from './device.ts';

/** Makes sure that a device really opens. Throws BAD_INPUT saying why it does not. */
export async function requireDevice(device: TfjsDevice): Promise<void> {
  const everywhere: readonly TfjsDevice[] = ENGINE_DEVICES.TFJS.everywhere;
  if (everywhere.includes(device)) return; // to open it would only take memory
  await openOn([device], async () => {});
}
