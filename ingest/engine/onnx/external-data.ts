import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { type GraphProto, type ModelProto, type NodeProto, type TensorProto, TensorProto_DataLocation } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';

/**
 * Weights of so many bytes in all are taken into memory with the model; of more only what is not the graph's own
 * initializers.
 */
const MOST_INSIDE = 2 ** 30;

/** The part of a file that a tensor's values are. */
interface Place {
  tensor: TensorProto;
  location: string;
  offset: number;
  length: number;
}

/**
 * Finds the weights that the model keeps in files beside it, wherever in it they are named: initializers, sparse ones,
 * constants, the graphs inside If and Loop, functions. Puts the files' bytes into `hash`, and the weights into the
 * model; the initializers of its graph are left where they are if all are larger than `mostInside`: the runtime reads
 * those from the model's folder.
 *
 * @returns whether some were left in their files
 * @throws BAD_MODEL where such a file is missing, too short, or outside the model's folder
 */
export async function takeInExternalData(file: string, model: ModelProto, hash: Hash, mostInside = MOST_INSIDE): Promise<boolean> {
  const places: Place[] = [];
  const sizes = new Map<string, number>();
  for (const tensor of tensorsOf(model)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
    const location = entries.get('location') ?? '';
    let size = sizes.get(location);
    if (size === undefined) {
      size = await hashSideFile(file, location, hash);
      sizes.set(location, size);
    }
    places.push(placeOf(file, tensor, location, size, Number(entries.get('offset') ?? 0), entries.get('length')));
  }
  const isLarge = places.reduce((sum, { length }) => sum + length, 0) > mostInside;
  const own = new Set(isLarge ? model.graph?.initializer : []);
  for (const place of places) if (!own.has(place.tensor)) await takeIn(file, place);
  return places.some(({ tensor }) => own.has(tensor));
}

function* tensorsOf({ graph, functions }: ModelProto): Generator<TensorProto> {
  if (graph) yield* tensorsOfGraph(graph);
  for (const { node, attributeProto } of functions) yield* tensorsOfNodes([...node, { attribute: attributeProto }]);
}

function* tensorsOfGraph({ initializer, sparseInitializer, node }: GraphProto): Generator<TensorProto> {
  yield* initializer;
  for (const { values, indices } of sparseInitializer) yield* [values, indices].filter((tensor) => tensor !== undefined);
  yield* tensorsOfNodes(node);
}

function* tensorsOfNodes(nodes: readonly Pick<NodeProto, 'attribute'>[]): Generator<TensorProto> {
  for (const { t, tensors, g, graphs, sparseTensor, sparseTensors } of nodes.flatMap(({ attribute }) => attribute)) {
    if (t) yield t;
    yield* tensors;
    for (const sparse of [...(sparseTensor ? [sparseTensor] : []), ...sparseTensors])
      yield* [sparse.values, sparse.indices].filter((tensor) => tensor !== undefined);
    for (const graph of g ? [g, ...graphs] : graphs) yield* tensorsOfGraph(graph);
  }
}

function pathOf(file: string, location: string): string {
  const path = normalize(location);
  if (location === '' || isAbsolute(path) || path.split(sep).includes('..')) {
    throw new DissectoryError('BAD_MODEL', `The model ${file} keeps weights in "${location}", outside its own folder. Export it again.`);
  }
  return join(dirname(file), path);
}

/** Gives the file's size in bytes. */
async function hashSideFile(file: string, location: string, hash: Hash): Promise<number> {
  const path = pathOf(file, location);
  try {
    const { size } = await stat(path);
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 22 })) hash.update(chunk);
    return size;
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause;
    const message = `The model ${file} keeps its weights in ${location}, which cannot be read (${why}). Put it beside the model.`;
    throw new DissectoryError('BAD_MODEL', message, { cause });
  }
}

function placeOf(file: string, tensor: TensorProto, location: string, size: number, offset: number, length?: string): Place {
  const end = length === undefined ? size : offset + Number(length);
  if (!(offset >= 0 && end >= offset && end <= size)) {
    const message = `The weights ${location} of the model ${file} are cut off: ${tensor.name} ends at byte ${end} of ${size}. Copy both files again.`;
    throw new DissectoryError('BAD_MODEL', message);
  }
  return { tensor, location, offset, length: end - offset };
}

async function takeIn(file: string, { tensor, location, offset, length }: Place): Promise<void> {
  const handle = await open(pathOf(file, location));
  try {
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, offset);
    tensor.rawData = bytes;
  } finally {
    await handle.close();
  }
  tensor.externalData = [];
  tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
}
