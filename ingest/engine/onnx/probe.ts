import { type ModelProto, TensorProto_DataType } from 'onnx-buf';
import type { Tensor } from 'onnxruntime-node';
import { DissectoryError } from '../../../core/errors.ts';
import { agree, type BatchReport, sampleOf } from '../graph/batch-report.ts';
import { computableFrom, type Graph } from '../graph/graph.ts';
import { type ImageInput, inputShape } from '../graph/image-input.ts';
import { strangers } from '../graph/strangers.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import { numbersOf } from './half.ts';
import { imageTensor } from './images.ts';
import { PIXELS } from './prepare.ts';
import { rewrite } from './rewrite.ts';
import { openSession } from './session.ts';

const TYPES: Readonly<Record<string, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  float64: TensorProto_DataType.DOUBLE,
};

/** Pixels as 0 to 1. */
export const NEUTRAL = { mean: [0], std: [1] } as const;

/** What running it has shown of a network. */
export interface Probed extends BatchReport {
  /**
   * The true shape of every tensor that can be computed from the image, for the images of one run, the input included.
   */
  facts: Map<string, TensorFacts>;
}

/** An opened model that is to be run as it stands. */
export interface Probe {
  file: string;
  folder: string;
  model: ModelProto;
  graph: Graph;
  input: ImageInput;
}

/**
 * Runs the network as it stands, unoptimised, over two images alone and together, and gives every tensor's true shape
 * and how many images it may be given at once. Shapes that the file declares are not used: they may be missing, open or
 * wrong. Throws BAD_MODEL where the network does not run.
 */
export async function probe(probe: Probe): Promise<Probed> {
  const { file, graph, input } = probe;
  const names = computableFrom(graph, input.name);
  if (names.length === 0) {
    const others = graph.inputs.filter(({ name }) => name !== input.name).map(({ name }) => name);
    const message = `In the model ${file} everything depends on the input ${others.join(' and ')} besides the image. ${howToFix(others)}`;
    throw new DissectoryError('BAD_MODEL', message);
  }
  try {
    return (await freely(probe, names)) ?? (await asDeclared(probe, names));
  } catch (cause) {
    throw new DissectoryError('BAD_MODEL', `ONNX Runtime cannot run the model ${file}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

type Results = Readonly<Record<string, Tensor>>;

async function withSession<T>(
  { folder, model, graph, input }: Probe,
  names: readonly string[],
  batch: number | null,
  use: (run: (...images: number[]) => Promise<Results>) => Promise<T>,
): Promise<T> {
  const taps = names.map((tensor) => ({ tensor, elementType: TensorProto_DataType.FLOAT, layout: 'NCHW' as const }));
  const bytes = rewrite(model, graph, input, NEUTRAL, taps, batch);
  const session = await openSession({ bytes, folder }, { graphOptimizationLevel: 'disabled' });
  const pixels = strangers(input, 2);
  const image = pixels.length / 2;
  const tensors = session.outputMetadata.filter(({ isTensor }) => isTensor).map(({ name }) => name);
  try {
    return await use((...images) => {
      const together = new Uint8Array(images.length * image);
      for (const [i, one] of images.entries()) together.set(pixels.subarray(one * image, (one + 1) * image), i * image);
      return session.run({ [PIXELS]: imageTensor(together, input, 0, images.length) }, tensors);
    });
  } finally {
    await session.release();
  }
}

/** One image, the other, both at once; null where the network does not take one. */
async function freely(probe: Probe, names: readonly string[]): Promise<Probed | null> {
  const open = withSession(probe, names, null, async (run) => {
    const first = await run(0).catch((cause) => {
      // What fails for one image as it is declared fails for good
      if ((probe.input.batch ?? 1) === 1) throw cause;
      return null;
    });
    if (!first) return null;
    const alone = samples(first, 0, 1);
    const factsOfOne = factsOf(first, probe.input, 1);
    const second = samples(await run(1), 0, 1);
    const both = await run(0, 1).catch(() => null);
    if (!both) return { facts: factsOfOne, batch: 1, disturbed: new Set<string>() };
    const isDisturbed = ([name]: readonly [string, Float64Array]) => !agrees(both[name], alone.get(name), second.get(name));
    const disturbed = new Set([...alone].filter(isDisturbed).map(([name]) => name));
    return { facts: factsOf(both, probe.input, 2), batch: null, disturbed };
  });
  // A fixed batch may not even be declared open
  return probe.input.batch === null ? open : open.catch(() => null);
}

/** As many images as the network insists on: the same among copies of itself and among others. */
function asDeclared(probe: Probe, names: readonly string[]): Promise<Probed> {
  const batch = probe.input.batch ?? 1;
  return withSession(probe, names, batch, async (run) => {
    const among = (other: number) => run(0, ...Array.from({ length: batch - 1 }, () => other));
    const copies = await among(0);
    const facts = factsOf(copies, probe.input, batch);
    const alone = samples(copies, 0, batch);
    if (batch === 1) return { facts, batch, disturbed: new Set<string>() };
    const others = samples(await among(1), 0, batch);
    const isDisturbed = ([name, sample]: readonly [string, Float64Array]) => !agree(sample, others.get(name) ?? new Float64Array());
    return { facts, batch, disturbed: new Set([...alone].filter(isDisturbed).map(([name]) => name)) };
  });
}

/** Of one image, from every tensor of floats that holds as many images. */
function samples(results: Results, image: number, images: number): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const [name, tensor] of Object.entries(results)) {
    const values = numbersOf(tensor);
    if (values && tensor.dims[0] === images) found.set(name, sampleOf(values, image, images));
  }
  return found;
}

/**
 * Whether two images give together what each gives alone. A tensor that does not hold one part for each is no layer
 * anyway.
 */
function agrees(both: Tensor, first: Float64Array | undefined, second: Float64Array | undefined): boolean {
  const values = numbersOf(both);
  if (!values || !first || !second || both.dims[0] !== 2) return true;
  return agree(first, sampleOf(values, 0, 2)) && agree(second, sampleOf(values, 1, 2));
}

/** What to do about inputs that are no images. */
export function howToFix(others: readonly string[]): string {
  return `Fix it in the model card, such as "inputs": {"${others[0]}": false}, or export the model with it a constant.`;
}

/** Shapes, axes and pads are lists of a few integers. */
const FEW = 64;

function factsOf(results: Results, input: ImageInput, images: number): Map<string, TensorFacts> {
  const facts = new Map(
    Object.entries(results).map(([name, { type, dims, data }]): [string, TensorFacts] => {
      const elementType = TYPES[type] ?? TensorProto_DataType.UNDEFINED;
      const isFew = (type === 'int64' || type === 'int32') && data.length <= FEW;
      return [name, { elementType, shape: dims, ...(isFew && { integers: Array.from(data as Int32Array, Number) }) }];
    }),
  );
  return facts.set(input.name, { elementType: input.elementType, shape: inputShape(input, images) });
}
