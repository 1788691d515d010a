import path from 'node:path';
import type { Network, OpenOptions } from './engine.ts';
import { modelFile } from './model-file.ts';
import { openOnnx } from './onnx/engine.ts';
import { openTfjs } from './tfjs/engine.ts';

/**
 * Opens a model by what it is: a .json file, or a folder with a model.json, is TensorFlow.js'; any other file is ONNX'.
 *
 * Throws BAD_MODEL where there is no such file, or where it is not a whole model that takes images.
 */
export async function openNetwork(model: string, options: OpenOptions = {}): Promise<Network> {
  const file = await modelFile(model);
  return path.extname(file).toLowerCase() === '.json' ? openTfjs(file, options) : openOnnx(file, options);
}
