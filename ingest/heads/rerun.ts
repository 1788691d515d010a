import type { Size } from '../../core/placement.ts';
import type { Resize } from '../../prisma/generated/enums.ts';
import type { Store } from '../../store/store.ts';
import { readStoredImage } from '../dataset/stored-image.ts';
import type { Rerun } from '../engine/engine.ts';
import { type AblationTally, addImage, emptyAblation } from '../math/linear/ablation-tally.ts';
import type { TestedImage } from './tested-images.ts';

export interface RerunOptions {
  input: Size;
  resize: Resize;
  units: number;
  signal?: AbortSignal;
  onProgress?(images: number, of: number): void;
}

/** Zeroes each unit in the network itself, image by image. Throws BAD_IMAGE, the signal's reason. */
export async function rerunAblation(
  store: Store,
  rerun: Rerun,
  tested: readonly TestedImage[],
  { input, resize, units, signal, onProgress }: RerunOptions,
): Promise<AblationTally> {
  const tally = emptyAblation(rerun.classes, units);
  for (const [i, { image, truth }] of tested.entries()) {
    signal?.throwIfAborted();
    const { before, after } = await rerun.run(await readStoredImage(store, image, input, resize));
    addImage(tally, truth, before, after);
    onProgress?.(i + 1, tested.length);
  }
  return tally;
}
