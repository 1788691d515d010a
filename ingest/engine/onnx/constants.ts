import { create, toBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, TensorProto_DataType, ValueInfoProtoSchema } from 'onnx-buf';
import { InferenceSession } from 'onnxruntime-node';
import { integerAttribute, makeNode } from '../graph/build.ts';
import { ancestors, type Graph, reads } from '../graph/graph.ts';

/**
 * The values of tensors that no image decides, float32 whatever they are stored as: the runtime itself undoes quantisations, casts and
 * transpositions.
 */
export async function constantValues(model: ModelProto, graph: Graph, tensors: readonly string[]): Promise<Float32Array[]> {
  const kept = ancestors(graph, tensors);
  const needed = new Set([...tensors, ...kept.flatMap((node) => [...reads(node)])]);
  const names = tensors.map((_, i) => `dissectory/constant${i}`);
  const float = [integerAttribute('to', TensorProto_DataType.FLOAT)];
  const bytes = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: model.irVersion,
      producerName: 'dissectory',
      opsetImport: model.opsetImport,
      functions: model.functions,
      graph: {
        name: 'constants',
        input: model.graph?.input.filter(({ name }) => graph.initializers.has(name) && needed.has(name)) ?? [],
        initializer: model.graph?.initializer.filter(({ name }) => needed.has(name)) ?? [],
        sparseInitializer: model.graph?.sparseInitializer ?? [],
        node: [...kept, ...tensors.map((tensor, i) => makeNode('Cast', [tensor], names[i], float))],
        output: names.map((name) => create(ValueInfoProtoSchema, { name })),
      },
    }),
  );
  const session = await InferenceSession.create(bytes, { executionProviders: ['cpu'], logSeverityLevel: 4 });
  try {
    const results = await session.run({});
    return names.map((name) => results[name].data as Float32Array);
  } finally {
    await session.release();
  }
}
