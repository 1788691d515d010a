import type { Tensor4D } from '@tensorflow/tfjs';
import { TensorProto_DataType } from 'onnx-buf';
import { agree, type BatchReport, sampleOf } from '../graph/batch-report.ts';
import { type Graph, writes } from '../graph/graph.ts';
import { type ImageInput, inputShape, type Layout } from '../graph/image-input.ts';
import { LIT_IMAGES, layoutByLight, litImages } from '../graph/measured-layout.ts';
import { unprovenMaps } from '../graph/network-layers.ts';
import { strangers } from '../graph/strangers.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import type { TfjsNetwork } from './network.ts';
import { prepare } from './prepare.ts';
import type { Tf } from './tf.ts';
import { tensorOfSums } from './translated.ts';

/** What running a network has shown; see `graph/network-layers.ts`. */
export interface Described extends BatchReport {
  facts: Map<string, TensorFacts>;
  measured: Map<string, Layout>;
}

const NEUTRAL = { mean: [0], std: [1] } as const;

/** What a tensor turned out to be, and its values where they are needed. */
interface Result {
  dtype: string;
  shape: readonly number[];
  values: ArrayLike<number>;
}

type Results = ReadonlyMap<string, Result>;

/** Shapes, axes and pads are lists of a few integers. */
const FEW = 64;

/**
 * Runs the network over two images alone and together, and over lit ones where the graph does not prove how a tensor
 * lies.
 */
export async function describe(tf: Tf, network: TfjsNetwork, graph: Graph, declared: ImageInput): Promise<Described> {
  const { height, width } = declared;
  const two = strangers(declared, 2);
  const image = height * width * 3;
  const run = (pixels: Uint8Array, ...images: number[]) => {
    const together = new Uint8Array(images.length * image);
    for (const [i, one] of images.entries()) together.set(pixels.subarray(one * image, (one + 1) * image), i * image);
    return runOnce(tf, network, declared, together, images.length, network.computable);
  };
  const { report, results, images } = (await freely(run, two, declared)) ?? (await asDeclared(run, two, declared));
  const facts = factsOf(graph, declared, results, images);
  const input = { ...declared, batch: report.batch };
  const unproven = unprovenMaps(graph, input, facts).filter((tensor) => network.computable.includes(tensor));
  const measured = new Map<string, Layout>();
  if (unproven.length > 0) {
    const lit = litImages(height, width);
    const responses: Results[] = [];
    for (let n = 0; n < LIT_IMAGES; n++) responses.push(await run(lit, ...Array.from({ length: report.batch ?? 1 }, () => n)));
    for (const tensor of unproven) {
      const shape = facts.get(tensor)?.shape.slice(1) ?? [];
      const each = shape.reduce((product, size) => product * size, 1);
      const layout = layoutByLight(
        shape,
        responses.map((response) => Array.from({ length: each }, (_, i) => response.get(tensor)?.values[i] ?? 0)),
      );
      if (layout) measured.set(tensor, layout);
    }
  }
  return { ...report, facts, measured };
}

type Run = (pixels: Uint8Array, ...images: number[]) => Promise<Results>;

interface Ran {
  report: BatchReport;
  results: Results;
  /** In `results`. */
  images: number;
}

/** null where the network does not take one image. */
async function freely(run: Run, two: Uint8Array, { batch }: ImageInput): Promise<Ran | null> {
  const first = await run(two, 0).catch((cause) => {
    if ((batch ?? 1) === 1) throw cause;
    return null;
  });
  if (!first) return null;
  const both = await run(two, 0, 1).catch(() => null);
  if (!both) return { report: { batch: 1, disturbed: new Set() }, results: first, images: 1 };
  const second = await run(two, 1);
  const disturbed = new Set<string>();
  for (const [name, { shape, values }] of both) {
    const alone = [first.get(name), second.get(name)];
    if (shape[0] !== 2) continue;
    const agrees = alone.every((one, i) => one?.shape[0] !== 1 || agree(sampleOf(one.values, 0, 1), sampleOf(values, i, 2)));
    if (!agrees) disturbed.add(name);
  }
  return { report: { batch: null, disturbed }, results: both, images: 2 };
}

async function asDeclared(run: Run, two: Uint8Array, { batch }: ImageInput): Promise<Ran> {
  const images = batch ?? 1;
  const among = (other: number) => run(two, 0, ...Array.from({ length: images - 1 }, () => other));
  const copies = await among(0);
  const others = await among(1);
  const isDisturbed = ([name, { shape, values }]: [string, Result]) =>
    shape[0] === images && !agree(sampleOf(values, 0, images), sampleOf(others.get(name)?.values ?? [], 0, images));
  return { report: { batch: images, disturbed: new Set([...copies].filter(isDisturbed).map(([name]) => name)) }, results: copies, images };
}

async function runOnce(
  tf: Tf,
  { run }: TfjsNetwork,
  input: ImageInput,
  pixels: Uint8Array,
  count: number,
  tensors: readonly string[],
): Promise<Results> {
  const results = tf.tidy(() => {
    const bytes = tf.tensor4d(pixels, [count, input.height, input.width, 3], 'int32') as Tensor4D;
    return run(prepare(tf, bytes, input, NEUTRAL), tensors);
  });
  const found = new Map<string, Result>();
  for (const [i, result] of results.entries()) {
    const values = (await result.data()) as ArrayLike<number>;
    found.set(tensors[i], { dtype: result.dtype, shape: result.shape, values });
  }
  tf.dispose(results);
  return found;
}

function factsOf(graph: Graph, input: ImageInput, results: Results, images: number): Map<string, TensorFacts> {
  const { FLOAT, UNDEFINED } = TensorProto_DataType;
  const facts = new Map<string, TensorFacts>();
  for (const [tensor, { dtype, shape, values }] of results) {
    const integers = dtype === 'int32' && values.length <= FEW ? { integers: Array.from(values) } : {};
    facts.set(tensor, { elementType: dtype === 'float32' ? FLOAT : UNDEFINED, shape, ...integers });
  }
  for (const name of graph.nodes.flatMap(writes)) {
    // As large as what the activation makes of them, but of no type that could be read.
    const shape = facts.get(tensorOfSums(name) ?? '')?.shape;
    if (shape) facts.set(name, { elementType: UNDEFINED, shape });
  }
  return facts.set(input.name, { elementType: input.elementType, shape: inputShape(input, images) });
}
