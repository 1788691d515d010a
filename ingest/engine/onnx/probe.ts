import { type ModelProto, TensorProto_DataType } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { DissectoryError } from '../../../core/errors.ts';
import { computableFrom, type Graph } from '../graph/graph.ts';
import { type ImageInput, inputShape } from '../graph/image-input.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import { PIXELS } from './prepare.ts';
import { rewrite } from './rewrite.ts';

const TYPES: Readonly<Record<string, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  float64: TensorProto_DataType.DOUBLE,
};

const NEUTRAL = { mean: [0], std: [1] } as const;

/**
 * Runs the network once over a black image (as many as a fixed batch asks for) and gives the true shape of every tensor that the image decides, the input included.
 * Shapes that the file declares are not used: they may be missing, open or wrong. Throws BAD_MODEL where the network does not run.
 */
export async function probe(file: string, model: ModelProto, graph: Graph, input: ImageInput): Promise<Map<string, TensorFacts>> {
  const batch = input.batch ?? 1;
  const names = computableFrom(graph, input.name);
  const taps = names.map((tensor) => ({ tensor, elementType: TensorProto_DataType.FLOAT, layout: 'NCHW' as const }));
  const bytes = rewrite(model, graph, input, NEUTRAL, taps, batch);
  try {
    const session = await InferenceSession.create(bytes, {
      graphOptimizationLevel: 'disabled',
      executionProviders: ['cpu'],
      logSeverityLevel: 3,
    });
    const pixels = new Tensor('uint8', new Uint8Array(batch * input.height * input.width * 3), [batch, input.height, input.width, 3]);
    const tensors = session.outputMetadata.filter(({ isTensor }) => isTensor).map(({ name }) => name);
    const results = await session.run({ [PIXELS]: pixels }, tensors);
    await session.release();
    const facts = new Map(tensors.map((name) => [name, factsOf(results[name])]));
    return facts.set(input.name, { elementType: input.elementType, shape: inputShape(input, batch) });
  } catch (cause) {
    throw new DissectoryError('BAD_MODEL', `ONNX Runtime cannot run the model ${file}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

function factsOf({ type, dims }: Tensor): TensorFacts {
  return { elementType: TYPES[type] ?? TensorProto_DataType.UNDEFINED, shape: dims };
}
