import { create, toBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, type NodeProto, type ValueInfoProto, ValueInfoProtoSchema } from 'onnx-buf';
import { type Graph, reads } from '../graph/graph.ts';

/** What a part of a model is made of. */
export interface Part {
  name: string;
  /** Beside the initializers that older files list among their inputs. */
  inputs: readonly ValueInfoProto[];
  /** In an order in which they can run. */
  nodes: readonly NodeProto[];
  /** Names of tensors. */
  outputs: readonly string[];
}

/** Nodes as a model of their own, with those of the whole model's weights that they read. */
export function partOf(model: ModelProto, graph: Graph, { name, inputs, nodes, outputs }: Part): Uint8Array<ArrayBuffer> {
  const needed = new Set(nodes.flatMap((node) => [...reads(node)]));
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: model.irVersion,
      producerName: 'dissectory',
      opsetImport: model.opsetImport,
      functions: model.functions,
      graph: {
        name,
        input: [...inputs, ...(model.graph?.input.filter((one) => graph.initializers.has(one.name) && needed.has(one.name)) ?? [])],
        initializer: model.graph?.initializer.filter((one) => needed.has(one.name)) ?? [],
        sparseInitializer: model.graph?.sparseInitializer ?? [],
        quantizationAnnotation: model.graph?.quantizationAnnotation ?? [],
        node: [...nodes],
        // No types or shapes: the runtime infers them, and what the file declared may speak of another batch size.
        output: outputs.map((output) => create(ValueInfoProtoSchema, { name: output })),
      },
    }),
  );
}
