/** What a Keras layer does, in ONNX's words. */
import type { AttributeProto, NodeProto } from 'onnx-buf';
import { integerAttribute, integersAttribute, makeNode, textAttribute } from '../graph/build.ts';
import { activationOperator } from './activations.ts';
import { CHANNELS_LAST, KERNEL, withActivation } from './translated.ts';

/** A layer that is applied to tensors and writes one. */
export interface Application {
  className: string;
  config: Readonly<Record<string, unknown>>;
  inputs: string[];
  output: string;
}

type Translate = (application: Application) => NodeProto[];

const one =
  (operator: string): Translate =>
  ({ inputs, output }) => [makeNode(operator, inputs, output)];

const convolution =
  (operator: string): Translate =>
  ({ config, inputs, output }) =>
    withActivation(operator, inputs, output, windowAttributes(config, config.kernelSize), activationOperator(String(config.activation)));

const pooling =
  (operator: string): Translate =>
  ({ config, inputs, output }) => [makeNode(operator, inputs, output, windowAttributes(config, config.poolSize))];

const globalPooling =
  (operator: string): Translate =>
  ({ config, inputs, output }) => [
    makeNode(operator, inputs, output, [integersAttribute('axes', spatial(config)), integerAttribute('keepdims', 0)]),
  ];

/**
 * Class names of layers that end in an operator of the same meaning; what is not here keeps its name, and the graph
 * then does not say.
 */
const LAYERS: Readonly<Record<string, Translate>> = {
  Conv2D: convolution('Conv'),
  DepthwiseConv2D: convolution('Conv'),
  // Depthwise, then 1x1: sees what the depthwise part sees.
  SeparableConv2D: convolution('Conv'),
  Conv2DTranspose: convolution('ConvTranspose'),
  MaxPooling2D: pooling('MaxPool'),
  AveragePooling2D: pooling('AveragePool'),
  GlobalMaxPooling2D: globalPooling('ReduceMax'),
  GlobalAveragePooling2D: globalPooling('ReduceMean'),
  ZeroPadding2D: ({ config, inputs, output }) => {
    const [[top, bottom], [left, right]] = sides(config.padding);
    const pads = isFirst(config) ? [0, 0, top, left, 0, 0, bottom, right] : [0, top, left, 0, 0, bottom, right, 0];
    return [makeNode('Pad', inputs, output, [integersAttribute('pads', pads)])];
  },
  Cropping2D: ({ config, inputs, output }) => {
    const [[top], [left]] = sides(config.cropping);
    return [makeNode('Slice', inputs, output, [integersAttribute('starts', [top, left]), integersAttribute('axes', spatial(config))])];
  },
  UpSampling2D: ({ config, inputs, output }) => [
    makeNode('Resize', inputs, output, [
      ...lastAttribute(config),
      textAttribute('mode', config.interpolation === 'bilinear' ? 'linear' : 'nearest'),
      textAttribute('coordinate_transformation_mode', 'asymmetric'),
      textAttribute('nearest_mode', 'floor'),
    ]),
  ],
  BatchNormalization: one('BatchNormalization'),
  LayerNormalization: one('LayerNormalization'),
  Activation: ({ config, inputs, output }) => [makeNode(activationOperator(String(config.activation)), inputs, output)],
  ReLU: one('Relu'),
  LeakyReLU: one('LeakyRelu'),
  PReLU: one('PRelu'),
  ELU: one('Elu'),
  ThresholdedReLU: one('ThresholdedRelu'),
  Softmax: ({ config, inputs, output }) => [makeNode('Softmax', inputs, output, [integerAttribute('axis', Number(config.axis ?? -1))])],
  Dropout: one('Dropout'),
  SpatialDropout1D: one('Dropout'),
  AlphaDropout: one('Dropout'),
  GaussianDropout: one('Dropout'),
  GaussianNoise: one('Dropout'),
  Add: one('Add'),
  Subtract: one('Sub'),
  Multiply: one('Mul'),
  Average: one('Mean'),
  Maximum: one('Max'),
  Minimum: one('Min'),
  Concatenate: ({ config, inputs, output }) => [makeNode('Concat', inputs, output, [integerAttribute('axis', Number(config.axis ?? -1))])],
  Reshape: one('Reshape'),
  Flatten: one('Flatten'),
  Permute: ({ config, inputs, output }) => [
    makeNode('Transpose', inputs, output, [integersAttribute('perm', [0, ...numbers(config.dims)])]),
  ],
  // On a map, a 1x1 convolution of channels that come last.
  Dense: ({ config, inputs, output }) =>
    withActivation('MatMul', [...inputs, `${output}${KERNEL}`], output, [], activationOperator(String(config.activation))),
};

export function layerNodes(application: Application): NodeProto[] {
  const translate = LAYERS[application.className] ?? one(application.className);
  return translate(application);
}

function windowAttributes(config: Application['config'], kernel: unknown): AttributeProto[] {
  return [
    ...lastAttribute(config),
    integersAttribute('kernel_shape', pair(kernel)),
    integersAttribute('strides', pair(config.strides ?? kernel)),
    integersAttribute('dilations', pair(config.dilationRate ?? 1)),
    textAttribute('auto_pad', config.padding === 'same' ? 'SAME_UPPER' : 'VALID'),
  ];
}

const isFirst = (config: Application['config']) => config.dataFormat === 'channelsFirst';
const lastAttribute = (config: Application['config']) => (isFirst(config) ? [] : [CHANNELS_LAST]);
const spatial = (config: Application['config']) => (isFirst(config) ? [2, 3] : [1, 2]);

function numbers(value: unknown): number[] {
  return [value].flat().map(Number);
}

/** Keras gives one number for both axes, or one for each. */
function pair(value: unknown): [number, number] {
  const [height, width = height] = numbers(value);
  return [height, width];
}

/** One number for all sides, or one an axis, or two an axis. */
function sides(value: unknown): [number, number][] {
  const axes = Array.isArray(value) ? value : [value, value];
  return axes.map(pair);
}
