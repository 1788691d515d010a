/** Runs what lies behind a layer again and again, each time with one unit zeroed. */
import { createRequire } from 'node:module';
import { type ModelProto, TensorProto_DataType } from 'onnx-buf';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { DissectoryError } from '../../../core/errors.ts';
import type { Normalisation, Rerun } from '../engine.ts';
import { integerAttribute, makeNode, valueInfo } from '../graph/build.ts';
import { type Graph, reads, writes } from '../graph/graph.ts';
import type { ImageInput } from '../graph/image-input.ts';
import type { MapTensor } from '../graph/map-tensor.ts';
import type { AskedHead } from '../graph/own-head.ts';
import { type Tail, tailBehind } from '../graph/tail.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import { partOf } from './part.ts';
import { PIXELS } from './prepare.ts';
import { rewrite } from './rewrite.ts';
import { openSession } from './session.ts';

/**
 * Memory that the copies of one image may take behind the layer, and the most copies that gain speed by going together.
 */
const COPIES_BYTES = 2 ** 28;
const MOST_COPIES = 64;
const { version: runtimeVersion } = createRequire(import.meta.url)('onnxruntime-node/package.json');
const SCORES = 'dissectory/scores';

const { FLOAT, FLOAT16, DOUBLE, INT64, INT32, BOOL, UINT8, INT8 } = TensorProto_DataType;
const TYPES: Partial<Record<Tensor.Type, TensorProto_DataType>> = {
  float32: FLOAT,
  float16: FLOAT16,
  float64: DOUBLE,
  int64: INT64,
  int32: INT32,
  bool: BOOL,
  uint8: UINT8,
  int8: INT8,
};

/** The network, as `openOnnx` has read it. */
export interface OpenedModel {
  model: ModelProto;
  folder: string;
  graph: Graph;
  input: ImageInput;
  facts: ReadonlyMap<string, TensorFacts>;
  asked: AskedHead;
}

/** What of an image's tensors goes into the part behind the layer. */
type Boundary = Readonly<Record<string, Tensor>>;

/**
 * On the CPU. null where the network gives no scores that the layer decides. Throws BAD_INPUT where the network insists
 * on several images.
 */
export async function startRerun(opened: OpenedModel, layer: MapTensor, normalisation: Normalisation): Promise<Rerun | null> {
  const { model, folder, graph, input, facts } = opened;
  const open = (bytes: Uint8Array) => openSession({ bytes, folder });
  const tail = tailBehind(graph, facts, layer.tensor, opened.asked);
  if (!tail) return null;
  if (input.batch !== null && input.batch > 1) {
    const message = `The network takes ${input.batch} images at once, and what lies behind a layer is run again for one: export it with an open batch.`;
    throw new DissectoryError('BAD_INPUT', message);
  }
  if (layer.layout === 'NCHWc') {
    const message =
      'The layer lies in blocks of channels, of which none can be zeroed alone: use the model as it was before ONNX Runtime optimised it.';
    throw new DissectoryError('BAD_INPUT', message);
  }
  const taps = tail.boundary.map((tensor) => ({ tensor, elementType: FLOAT, layout: 'NCHW' as const }));
  const front = await open(rewrite(model, graph, input, normalisation, taps, 1));
  let behind: InferenceSession | null = null;
  let copies = 0;

  async function scoresOf(boundary: Boundary, zeroed: readonly (number | null)[]): Promise<Float32Array> {
    behind ??= await open(tailModel(model, graph, tail as Tail, boundary));
    const feeds = Object.entries(boundary).map(([name, tensor]) => [name, repeated(tensor, zeroed, name === layer.tensor ? layer : null)]);
    const scores = await behind.run(Object.fromEntries(feeds));
    return scores[SCORES].data as Float32Array;
  }

  /**
   * As many as memory allows; one where the network does not take copies: shapes that were read before the layer speak
   * of one image.
   */
  async function possibleCopies(boundary: Boundary): Promise<number> {
    const alone = [...(await scoresOf(boundary, [0])), ...(await scoresOf(boundary, [null]))];
    const both = await scoresOf(boundary, [0, null]).catch(() => []);
    const scale = Math.max(...alone.map(Math.abs));
    const agree = both.length === alone.length && alone.every((score, i) => Math.abs(score - both[i]) <= 1e-4 * scale);
    return agree ? roomyCopies(tail as Tail, facts) : 1;
  }

  return {
    engine: 'onnxruntime-node',
    engineVersion: runtimeVersion,
    provider: 'cpu',
    classes: tail.classes,
    async run(pixels) {
      const boundary = await front.run({ [PIXELS]: new Tensor('uint8', pixels, [1, input.height, input.width, 3]) });
      copies ||= await possibleCopies(boundary);
      const before = await scoresOf(boundary, [null]);
      const after = new Float32Array(layer.units * before.length);
      for (let from = 0; from < layer.units; from += copies) {
        const units = Array.from({ length: Math.min(copies, layer.units - from) }, (_, i) => from + i);
        after.set(await scoresOf(boundary, units), from * before.length);
      }
      return { before, after };
    },
    async close() {
      await front.release();
      await behind?.release();
    },
  };
}

/** Counts every tensor behind the layer: more than is ever alive at once. */
function roomyCopies({ nodes }: Tail, facts: ReadonlyMap<string, TensorFacts>): number {
  const tensors = new Set(nodes.flatMap((node) => [...reads(node), ...writes(node)]));
  let values = 1;
  for (const name of tensors) values += (facts.get(name)?.shape ?? [0]).reduce((product, size) => product * size, 1);
  return Math.min(MOST_COPIES, Math.max(1, Math.floor(COPIES_BYTES / (4 * values))));
}

/** The nodes behind the layer as a model of their own, which takes the boundary with any number of copies. */
function tailModel(model: ModelProto, graph: Graph, { nodes, scores }: Tail, boundary: Boundary): Uint8Array<ArrayBuffer> {
  const inputs = Object.entries(boundary).map(([name, { type, dims }]) =>
    valueInfo(name, TYPES[type] ?? FLOAT, [dims[0] === 1 ? 'copies' : dims[0], ...dims.slice(1)].slice(0, dims.length)),
  );
  const cast = makeNode('Cast', [scores], SCORES, [integerAttribute('to', FLOAT)]);
  return partOf(model, graph, { name: 'tail', inputs, nodes: [...nodes, cast], outputs: [SCORES] });
}

type Values = Exclude<Tensor['data'], string[]>;

/**
 * One image's tensor once for each entry of `zeroed`, without that unit where it is the layer's own. What is no batch
 * of one stays as it is.
 */
function repeated(tensor: Tensor, zeroed: readonly (number | null)[], layer: MapTensor | null): Tensor {
  const { type, dims } = tensor;
  if (dims[0] !== 1) return tensor;
  const values = tensor.data as Values;
  const copies = new (values.constructor as new (length: number) => Values)(values.length * zeroed.length);
  for (const [copy, unit] of zeroed.entries()) {
    const at = copy * values.length;
    copies.set(values as never, at);
    if (layer && unit !== null) zero(copies, at, values.length, unit, layer);
  }
  return new Tensor(type, copies as never, [zeroed.length, ...dims.slice(1)]);
}

/** Where channels come first a unit's values lie together, else one lies with every location. */
function zero(values: Values, at: number, length: number, unit: number, { layout, units }: MapTensor): void {
  const cells = length / units;
  for (let cell = 0; cell < cells; cell++) {
    const place = layout === 'NCHW' ? unit * cells + cell : cell * units + unit;
    values.fill(0 as never, at + place, at + place + 1);
  }
}
