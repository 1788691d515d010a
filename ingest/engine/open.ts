import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../prisma/errors.ts';
import type { Network, OpenOptions } from './engine.ts';
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

async function modelFile(model: string): Promise<string> {
  if (!(await isKind(model, 'isDirectory'))) return model;
  const json = path.join(model, 'model.json');
  if (await isKind(json, 'isFile')) return json;
  const isSaved = await isKind(path.join(model, 'saved_model.pb'), 'isFile');
  const what = isSaved ? 'a SavedModel' : 'a folder without a model.json';
  const advice = isSaved
    ? 'Convert it, with tensorflowjs_converter --input_format=tf_saved_model IN OUT or python -m tf2onnx.convert --saved-model IN --output OUT.onnx'
    : 'Name the .onnx file, or the .json file of a TensorFlow.js model';
  throw new DissectoryError('BAD_MODEL', `${model} is ${what}. ${advice}.`);
}

async function isKind(file: string, kind: 'isFile' | 'isDirectory'): Promise<boolean> {
  const info = await stat(file).catch(() => null);
  return info?.[kind]() ?? false;
}
