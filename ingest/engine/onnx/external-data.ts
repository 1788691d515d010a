import type { Hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { type ModelProto, type TensorProto, TensorProto_DataLocation } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';

/**
 * Puts weights kept in files beside the model into the model itself, and their bytes into `hash`.
 * Throws BAD_MODEL where such a file is missing, too short, or outside the model's folder.
 */
export async function inlineExternalData(file: string, model: ModelProto, hash: Hash): Promise<void> {
  const external = model.graph?.initializer.filter((tensor) => tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) ?? [];
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const tensor of external) {
    const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
    const location = entries.get('location') ?? '';
    let bytes = files.get(location);
    if (!bytes) {
      bytes = await readSideFile(file, location);
      hash.update(bytes);
      files.set(location, bytes);
    }
    inline(file, tensor, bytes, location, Number(entries.get('offset') ?? 0), entries.get('length'));
  }
}

async function readSideFile(file: string, location: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = normalize(location);
  if (location === '' || isAbsolute(path) || path.split(sep).includes('..')) {
    throw new DissectoryError('BAD_MODEL', `The model ${file} keeps weights in "${location}", outside its own folder. Export it again.`);
  }
  return readFile(join(dirname(file), path)).catch((cause) => {
    const message = `The model ${file} keeps its weights in ${location}, which cannot be read (${cause.code ?? cause.message}). Put it beside the model.`;
    throw new DissectoryError('BAD_MODEL', message, { cause });
  });
}

function inline(
  file: string,
  tensor: TensorProto,
  bytes: Uint8Array<ArrayBuffer>,
  location: string,
  offset: number,
  length?: string,
): void {
  const end = length === undefined ? bytes.length : offset + Number(length);
  if (!(offset >= 0 && end >= offset && end <= bytes.length)) {
    const message = `The weights ${location} of the model ${file} are cut off: ${tensor.name} ends at byte ${end} of ${bytes.length}. Copy both files again.`;
    throw new DissectoryError('BAD_MODEL', message);
  }
  tensor.rawData = bytes.subarray(offset, end);
  tensor.externalData = [];
  tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
}
