import { TensorProto_DataType } from 'onnx-buf';
import { integerAttribute, makeNode } from '../graph/build.ts';
import { ancestors, type Graph } from '../graph/graph.ts';
import type { OnnxModel } from './model.ts';
import { partOf } from './part.ts';
import { openSession } from './session.ts';

/**
 * The values of tensors that no image decides, float32 whatever they are stored as: the runtime itself undoes
 * quantisations, casts and transpositions.
 */
export async function constantValues(
  { proto, folder }: Pick<OnnxModel, 'proto' | 'folder'>,
  graph: Graph,
  tensors: readonly string[],
): Promise<Float32Array[]> {
  const kept = ancestors(graph, tensors);
  const names = tensors.map((_, i) => `dissectory/constant${i}`);
  const float = [integerAttribute('to', TensorProto_DataType.FLOAT)];
  const casts = tensors.map((tensor, i) => makeNode('Cast', [tensor], names[i], float));
  const bytes = partOf(proto, graph, { name: 'constants', inputs: [], nodes: [...kept, ...casts], outputs: names });
  const session = await openSession({ bytes, folder });
  try {
    const results = await session.run({});
    return names.map((name) => results[name].data as Float32Array);
  } finally {
    await session.release();
  }
}
