import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import { ENGINES } from './engines.ts';

/**
 * The file that a model is opened by: itself, or the model.json of a folder. Throws BAD_MODEL where a folder has none,
 * saying what it is.
 */
export async function modelFile(model: string): Promise<string> {
  if (!(await isKind(model, 'isDirectory'))) return model;
  for (const { fileOfFolder } of Object.values(ENGINES)) {
    const file = fileOfFolder && path.join(model, fileOfFolder);
    if (file && (await isKind(file, 'isFile'))) return file;
  }
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
