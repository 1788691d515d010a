/** Reads a layers model that Keras 3 wrote as one of Keras 2, which TensorFlow.js knows. */
import { z } from 'zod';
import type { TfjsModel, WeightSpec } from './model-file.ts';

type Json = unknown;
type Fields = Record<string, Json>;
type Written = Pick<TfjsModel, 'modelTopology' | 'weightSpecs'>;

const fields = z.record(z.string(), z.unknown());
const version = z.looseObject({ keras_version: z.string() });

/**
 * What Keras 3 writes otherwise: `batch_shape` of inputs, data types as policies, initializers with their modules,
 * calls as arguments and keywords, a single input or output without a list around it, weights named after the models
 * around their layer. Other models are given back as they are.
 */
export function asKeras2({ modelTopology, weightSpecs }: Written): Written {
  const written = version.safeParse(modelTopology).data;
  if (!written || Number.parseInt(written.keras_version, 10) < 3) return { modelTopology, weightSpecs };
  const topology = rewritten(modelTopology) as Fields;
  const classes = new Map<string, string>();
  collect(topology, classes);
  return { modelTopology: topology, weightSpecs: weightSpecs.map((spec) => ({ ...spec, name: weightName(spec, classes) })) };
}

function rewritten(value: Json): Json {
  if (Array.isArray(value)) return value.map(rewritten);
  const object = fields.safeParse(value).data;
  if (!object) return value;
  if (object.class_name === 'DTypePolicy') return fields.safeParse(object.config).data?.name ?? 'float32';
  const entries = Object.entries(object).map(([key, inner]): [string, Json] => {
    if (key === 'batch_shape') return ['batch_input_shape', inner];
    if (key === 'inbound_nodes' && Array.isArray(inner)) return [key, inner.map(callOf)];
    if ((key === 'input_layers' || key === 'output_layers') && Array.isArray(inner) && typeof inner[0] === 'string') return [key, [inner]];
    return [key, rewritten(inner)];
  });
  return Object.fromEntries(entries.filter(([key]) => key !== 'module' && key !== 'registered_name' && key !== 'build_config'));
}

/** A layer's call: `[[layer, node, tensor, keywords], ...]`, one a tensor that goes in. */
function callOf(call: Json): Json {
  const said = z.looseObject({ args: z.array(z.unknown()), kwargs: fields.optional() }).safeParse(call).data;
  if (!said) return rewritten(call);
  const keywords = Object.entries(said.kwargs ?? {}).filter(([, value]) => value !== null && historiesOf(value).length === 0);
  return historiesOf(said.args).map(([layer, node, tensor]) => [layer, node, tensor, Object.fromEntries(keywords)]);
}

const tensor = z.looseObject({
  class_name: z.literal('__keras_tensor__'),
  config: z.looseObject({ keras_history: z.tuple([z.string(), z.number(), z.number()]) }),
});

function historiesOf(value: Json): [string, number, number][] {
  const found = tensor.safeParse(value).data;
  if (found) return [found.config.keras_history];
  return Array.isArray(value) ? value.flatMap(historiesOf) : [];
}

/** The class of every layer, by its name; those of models within models too. */
function collect(value: Json, classes: Map<string, string>): void {
  if (Array.isArray(value)) for (const inner of value) collect(inner, classes);
  const object = fields.safeParse(value).data;
  if (!object || Array.isArray(value)) return;
  const name = fields.safeParse(object.config).data?.name;
  if (typeof object.class_name === 'string' && typeof name === 'string') classes.set(name, object.class_name);
  for (const inner of Object.values(object)) collect(inner, classes);
}

/**
 * `model/block/conv2d/kernel` is `conv2d/kernel`; what TensorFlow.js calls the kernel of a depthwise convolution is its
 * own.
 */
function weightName({ name }: WeightSpec, classes: ReadonlyMap<string, string>): string {
  const parts = name.split('/');
  const [layer, weight] = parts.slice(-2);
  const className = classes.get(layer);
  if (weight === undefined || className === undefined) return name;
  return `${layer}/${className === 'DepthwiseConv2D' && weight === 'kernel' ? 'depthwise_kernel' : weight}`;
}
