import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import { afterAll } from 'vitest';

/**
 * Gives a function that writes a model, or any bytes, into a folder of its own that goes when the tests of the file are
 * over.
 */
export function temporaryModels(): (model: ModelProto | Uint8Array | string, name?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'dissectory-model-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;
  return (model, name = `net${count++}.onnx`) => {
    const file = join(folder, name);
    writeFileSync(file, typeof model === 'string' || model instanceof Uint8Array ? model : toBinary(ModelProtoSchema, model));
    return file;
  };
}
