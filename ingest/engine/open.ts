import type { Network, OpenOptions } from './engine.ts';
import { engineOf } from './engines.ts';
import { modelFile } from './model-file.ts';

/**
 * Opens a model by what it is: with the engine that its file's ending tells (`ENGINES`).
 *
 * Throws BAD_MODEL where there is no such file, or where it is not a whole model that takes images.
 */
export async function openNetwork(model: string, options: OpenOptions = {}): Promise<Network> {
  const file = await modelFile(model);
  return engineOf(file).open(file, options);
}
