import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import { TensorProto_DataType } from 'onnx-buf';
import { valueInfo } from '../graph/build.ts';
import { asKeras2 } from './keras3.ts';
import { layerNodes } from './layer-nodes.ts';
import type { TfjsModel } from './model-file.ts';
import type { TfjsNetwork } from './network.ts';
import type { Tf } from './tf.ts';
import type { Translated } from './translated.ts';

/** A layers model, as `model.save` and tensorflowjs_converter write it from Keras. */
export async function openLayersModel(tf: Tf, written: TfjsModel): Promise<TfjsNetwork> {
  const { weightData } = written;
  const { modelTopology, weightSpecs } = asKeras2(written);
  const model = await tf.loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
  const { graph, tensors } = flatten(model);
  return {
    graph,
    computable: [...tensors.keys()],
    dense(tensor) {
      const layer = tensors.get(tensor)?.sourceLayer;
      if (layer?.getClassName() !== 'Dense') return null;
      const [kernel, bias = null] = layer.getWeights();
      return { kernel, bias };
    },
    run(images, names) {
      const outputs = [...new Set(names)].map((name) => tensors.get(name) as SymbolicTensor);
      const part = tf.model({ inputs: model.inputs[0], outputs });
      const results = [part.predictOnBatch(images)].flat();
      return names.map((name) => results[outputs.indexOf(tensors.get(name) as SymbolicTensor)]);
    },
  };
}

interface Flat {
  graph: Translated;
  /** By name, in the order in which they can be computed. */
  tensors: Map<string, SymbolicTensor>;
}

/**
 * Applies every layer anew, those of models inside models too, so that each of their tensors can be read: within a
 * nested model they hang on inputs of their own. A tensor is called by its layer, `outer/inner` where that is nested,
 * with `:1` behind where the layer is applied again.
 */
function flatten(model: LayersModel): Flat {
  const constants: Translated['constants'] = [];
  const graph: Translated = { inputs: model.inputs.map(inputInfo), nodes: [], constants, outputs: [] };
  const tensors = new Map<string, SymbolicTensor>();
  const names = new Map<SymbolicTensor, string>(model.inputs.map((input) => [input, input.name]));

  function unique(name: string): string {
    for (let again = 0; ; again++) {
      const candidate = again === 0 ? name : `${name}:${again}`;
      if (!tensors.has(candidate) && !graph.inputs.some((input) => input.name === candidate)) return candidate;
    }
  }

  /** The tensors anew, given those that stand for the inputs. */
  function rebuild(outputs: readonly SymbolicTensor[], known: Map<SymbolicTensor, SymbolicTensor>, prefix: string): SymbolicTensor[] {
    return outputs.map((tensor) => {
      const done = known.get(tensor);
      if (done) return done;
      const layer = tensor.sourceLayer;
      const { inputTensors, outputTensors, callArgs } = layer.inboundNodes[tensor.nodeIndex];
      const inputs = rebuild(inputTensors, known, prefix);
      const results = isModel(layer)
        ? rebuild(layer.outputs, new Map(layer.inputs.map((input, i) => [input, inputs[i]])), `${prefix}${layer.name}/`)
        : [layer.apply(inputs.length === 1 ? inputs[0] : inputs, callArgs) as SymbolicTensor | SymbolicTensor[]].flat();
      for (const [i, result] of results.entries()) known.set(outputTensors[i], result);
      if (!isModel(layer)) {
        const written = results.map(() => '');
        for (const [i, result] of results.entries()) {
          written[i] = unique(`${prefix}${layer.name}`);
          tensors.set(written[i], result);
          names.set(result, written[i]);
        }
        const inputNames = inputs.map((input) => names.get(input) as string);
        const nodes = layerNodes({ className: layer.getClassName(), config: layer.getConfig(), inputs: inputNames, output: written[0] });
        nodes[nodes.length - 1].output = written;
        graph.nodes.push(...nodes);
      }
      return known.get(tensor) as SymbolicTensor;
    });
  }

  const outputs = rebuild(model.outputs, new Map(model.inputs.map((input) => [input, input])), '');
  graph.outputs = outputs.map((output) => names.get(output) as string);
  return { graph, tensors };
}

type Layer = SymbolicTensor['sourceLayer'];

function isModel(layer: Layer): layer is LayersModel {
  return 'layers' in layer && 'inputs' in layer;
}

function inputInfo({ name, shape, dtype }: SymbolicTensor) {
  const type = dtype === 'float32' ? TensorProto_DataType.FLOAT : TensorProto_DataType.INT32;
  return valueInfo(
    name,
    type,
    shape.map((size, axis) => size ?? `axis${axis}`),
  );
}
