/** A TensorFlow.js model on disk: model.json and its weight files, read whole, without tfjs-node. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { z } from 'zod';
import { DissectoryError } from '../../../core/errors.ts';

/** One tensor of the weights, as the manifest describes it. */
const weight = z.looseObject({
  name: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  dtype: z.enum(['float32', 'int32', 'bool', 'string', 'complex64']),
  quantization: z.looseObject({ dtype: z.enum(['uint8', 'uint16', 'float16']) }).optional(),
});

const modelJson = z.looseObject({
  format: z.string().nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.looseObject({ paths: z.array(z.string()), weights: z.array(weight) })).optional(),
  signature: z.record(z.string(), z.unknown()).nullish(),
});

export type WeightSpec = z.output<typeof weight>;

/** What TensorFlow.js builds a network from. */
export interface TfjsModel {
  file: string;
  /** Of model.json's bytes and its weight files'. */
  sha256: string;
  /** A layers model was written by Keras' or TensorFlow.js's own `save`, a graph model by tensorflowjs_converter. */
  format: 'layers' | 'graph';
  modelTopology: Record<string, unknown>;
  weightSpecs: WeightSpec[];
  weightData: ArrayBuffer;
  signature: Record<string, unknown> | undefined;
}

const HOW_TO_CONVERT = 'Give the model.json that `model.save` or tensorflowjs_converter writes.';

/**
 * Reads a model.json and the weight files that it names, which lie beside it.
 *
 * Throws BAD_MODEL where a file is missing, cut off or no TensorFlow.js model, or where weights lie outside the model's
 * folder.
 */
export async function readTfjsModel(file: string): Promise<TfjsModel> {
  const bytes = await readFile(file).catch((cause) => {
    throw bad(`Cannot open the model ${file}: ${cause.code ?? cause.message}. Check the path.`, cause);
  });
  const parsed = parse(file, bytes);
  const hash = createHash('sha256').update(bytes);
  const weightSpecs: WeightSpec[] = [];
  const parts: Uint8Array[] = [];
  for (const { paths, weights } of parsed.weightsManifest ?? []) {
    const shards = await Promise.all(paths.map((path) => readShard(file, path)));
    for (const shard of shards) hash.update(shard);
    checkLength(file, paths, shards, weights);
    weightSpecs.push(...weights);
    parts.push(...shards);
  }
  return {
    file,
    sha256: hash.digest('hex'),
    format: 'node' in parsed.modelTopology ? 'graph' : 'layers',
    modelTopology: parsed.modelTopology,
    weightSpecs,
    weightData: joined(parts),
    signature: parsed.signature ?? undefined,
  };
}

function parse(file: string, bytes: Uint8Array): z.output<typeof modelJson> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw bad(`The model ${file} is not valid JSON: it is cut off, or no TensorFlow.js model. ${HOW_TO_CONVERT}`, cause);
  }
  // The format of face-api.js and its like: the network itself is in the package's code.
  if (Array.isArray(json))
    throw bad(`The file ${file} lists weights but holds no network (no modelTopology): it cannot be run. ${HOW_TO_CONVERT}`);
  const result = modelJson.safeParse(json);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw bad(`The model ${file} is no TensorFlow.js model: ${path.join('.') || 'the whole of it'}: ${message}. ${HOW_TO_CONVERT}`);
}

async function readShard(file: string, path: string): Promise<Uint8Array> {
  const local = normalize(path);
  if (path === '' || isAbsolute(local) || local.split(sep).includes('..'))
    throw bad(`The model ${file} keeps weights in "${path}", outside its own folder. Save or convert it again.`);
  return readFile(join(dirname(file), local)).catch((cause) => {
    throw bad(
      `The model ${file} keeps weights in ${path}, which cannot be read (${cause.code ?? cause.message}). Put it beside the model.`,
      cause,
    );
  });
}

function checkLength(file: string, paths: readonly string[], shards: readonly Uint8Array[], weights: readonly WeightSpec[]): void {
  const held = shards.reduce((sum, { length }) => sum + length, 0);
  if (weights.some(({ dtype }) => dtype === 'string')) return; // as long as the texts are
  const needed = weights.reduce((sum, spec) => sum + byteLength(spec), 0);
  if (held === needed) return;
  const shown = paths.length > 3 ? `${paths.slice(0, 3).join(', ')}, ...` : paths.join(', ');
  throw bad(
    `The weights of the model ${file} (${shown}) hold ${held} bytes, not ${needed}: they are cut off or belong to another model. Copy all files again.`,
  );
}

const BYTES = { float32: 4, int32: 4, bool: 1, complex64: 8, uint8: 1, uint16: 2, float16: 2, string: Number.NaN } as const;

/** Of a weight in the file; NaN for texts, whose length stands in the data. */
export function byteLength({ shape, dtype, quantization }: WeightSpec): number {
  return shape.reduce((product, size) => product * size, 1) * BYTES[quantization?.dtype ?? dtype];
}

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

function bad(message: string, cause?: unknown): DissectoryError {
  return new DissectoryError('BAD_MODEL', message, { cause });
}
