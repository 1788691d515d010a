/** What a TensorFlow node does, in ONNX's words. */
import type { AttributeProto, NodeProto } from 'onnx-buf';
import { integerAttribute, integersAttribute, makeNode, textAttribute } from '../graph/build.ts';
import { activationOperator } from './activations.ts';
import { dataInputs, type GraphNode, numberOf, numbersOf, textOf, textsOf } from './graph-def.ts';
import { CHANNELS_LAST, type Constant, withActivation } from './translated.ts';

/** Weights and constants by name. */
export type Constants = ReadonlyMap<string, Constant>;

interface Translation {
  nodes: NodeProto[];
  /** Those that the words need beside the graph's own. */
  constants?: Constant[];
}

type Translate = (node: GraphNode, constants: Constants) => Translation | null;

const words = (pairs: string) => Object.fromEntries(pairs.split(' ').map((pair) => pair.split('=') as [string, string]));

/** Operators of the same meaning, inputs alike. */
const ALIKE: Readonly<Record<string, string>> = words(
  'Add=Add AddV2=Add AddN=Sum BiasAdd=Add Sub=Sub SquaredDifference=Sub Mul=Mul Div=Div RealDiv=Div DivNoNan=Div FloorDiv=Div Pow=Pow ' +
    'Maximum=Max Minimum=Min Mod=Mod FloorMod=Mod Abs=Abs Exp=Exp Expm1=Exp Log=Log Log1p=Log Neg=Neg Sqrt=Sqrt Rsqrt=Reciprocal ' +
    'Reciprocal=Reciprocal Square=Abs Sign=Sign Floor=Floor Ceil=Ceil Round=Round Erf=Erf Sin=Sin Cos=Cos Tanh=Tanh Sigmoid=Sigmoid ' +
    'Relu=Relu Relu6=Clip Elu=Elu Selu=Selu LeakyRelu=LeakyRelu Prelu=PRelu Softplus=Softplus Softsign=Softsign ClipByValue=Clip ' +
    'Equal=Equal NotEqual=Equal Greater=Greater GreaterEqual=Greater Less=Less LessEqual=Less LogicalAnd=And LogicalOr=Or LogicalNot=Not ' +
    'Select=Where SelectV2=Where Identity=Identity Snapshot=Identity StopGradient=Identity CheckNumerics=Identity Cast=Cast ' +
    'FusedBatchNorm=BatchNormalization FusedBatchNormV2=BatchNormalization FusedBatchNormV3=BatchNormalization LRN=LRN ' +
    'Reshape=Reshape Squeeze=Squeeze ExpandDims=Unsqueeze Shape=Shape Size=Size Rank=Size Softmax=Softmax LogSoftmax=LogSoftmax ' +
    'BatchMatMul=MatMul BatchMatMulV2=MatMul MatMul=MatMul',
);

const convolution: Translate = (node, constants) => {
  const [x, weights] = dataInputs(node);
  const kernel = constants.get(weights)?.shape.slice(0, 2);
  if (!kernel || !isChannelsLast(node)) return null;
  const activation = textsOf(node, 'fused_ops').find((name) => !BEFORE_ACTIVATION.has(name)) ?? 'linear';
  const attributes = windowAttributes(node, kernel, numbersOf(node, 'dilations'));
  return { nodes: withActivation('Conv', [x, weights], node.name, attributes, activationOperator(activation)) };
};

const BEFORE_ACTIVATION = new Set(['BiasAdd', 'FusedBatchNorm']);

const transposed: Translate = (node, constants) => {
  const [, weights, x] = dataInputs(node);
  const kernel = constants.get(weights)?.shape.slice(0, 2);
  if (!kernel || !isChannelsLast(node)) return null;
  return { nodes: [makeNode('ConvTranspose', [x, weights], node.name, windowAttributes(node, kernel, numbersOf(node, 'dilations')))] };
};

const pooling =
  (operator: string): Translate =>
  (node) =>
    isChannelsLast(node)
      ? { nodes: [makeNode(operator, dataInputs(node), node.name, windowAttributes(node, numbersOf(node, 'ksize').slice(1, 3), []))] }
      : null;

const reduction =
  (operator: string): Translate =>
  (node, constants) => {
    const [x, axes] = dataInputs(node);
    const along = constants.get(axes)?.integers;
    if (!along) return null;
    const keep = integerAttribute('keepdims', node.attr.keep_dims?.b ? 1 : 0);
    return { nodes: [makeNode(operator, [x], node.name, [integersAttribute('axes', along), keep])] };
  };

const pad: Translate = (node, constants) => {
  const [x, paddings] = dataInputs(node);
  const pairs = constants.get(paddings)?.integers;
  if (!pairs) return null;
  const side = (parity: number) => pairs.filter((_, i) => i % 2 === parity);
  return { nodes: [makeNode('Pad', [x], node.name, [integersAttribute('pads', [...side(0), ...side(1)])])] };
};

const concat: Translate = (node, constants) => {
  const inputs = dataInputs(node);
  const [axis] = constants.get(inputs.at(-1) ?? '')?.integers ?? [];
  return axis === undefined ? null : { nodes: [makeNode('Concat', inputs.slice(0, -1), node.name, [integerAttribute('axis', axis)])] };
};

const transpose: Translate = (node, constants) => {
  const [x, order] = dataInputs(node);
  const perm = constants.get(order)?.integers;
  return perm ? { nodes: [makeNode('Transpose', [x], node.name, [integersAttribute('perm', perm)])] } : null;
};

const split: Translate = (node, constants) => {
  const inputs = dataInputs(node);
  const [x, along] = node.op === 'Split' ? [inputs[1], inputs[0]] : [inputs[0], inputs[2]];
  const [axis] = constants.get(along)?.integers ?? [];
  if (axis === undefined) return null;
  return { nodes: [inParts(makeNode('Split', [x], node.name, [integerAttribute('axis', axis)]), numberOf(node, 'num_split', 1))] };
};

const unpack: Translate = (node) => {
  const along = integerAttribute('axis', numberOf(node, 'axis', 0));
  return { nodes: [inParts(makeNode('Unpack', dataInputs(node), node.name, [along]), numberOf(node, 'num', 1))] };
};

function inParts(node: NodeProto, count: number): NodeProto {
  return { ...node, output: Array.from({ length: count }, (_, i) => (i === 0 ? node.name : `${node.name}:${i}`)) };
}

const slice: Translate = (node, constants) => {
  const [x, begin, , stride] = dataInputs(node);
  const starts = constants.get(begin)?.integers;
  const steps = node.op === 'Slice' ? starts?.map(() => 1) : constants.get(stride)?.integers;
  const otherMasks = ['ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'].some((mask) => numberOf(node, mask, 0) !== 0);
  if (!starts || !steps || otherMasks) return null;
  const open = numberOf(node, 'begin_mask', 0);
  const from = starts.map((start, axis) => ((open >> axis) & 1 ? 0 : start));
  const list = (what: string, integers: readonly number[]) => ({ name: `${node.name}#${what}`, shape: [integers.length], integers });
  const parts = [
    list('starts', from),
    list('ends', from),
    list(
      'axes',
      from.map((_, axis) => axis),
    ),
    list('steps', steps),
  ];
  return { nodes: [makeNode('Slice', [x, ...parts.map(({ name }) => name)], node.name)], constants: parts };
};

const resize =
  (mode: 'linear' | 'nearest'): Translate =>
  (node) => {
    const aligned = node.attr.align_corners?.b === true;
    const half = node.attr.half_pixel_centers?.b === true;
    const halfPixel = mode === 'nearest' ? 'tf_half_pixel_for_nn' : 'half_pixel';
    return {
      nodes: [
        makeNode('Resize', dataInputs(node).slice(0, 1), node.name, [
          CHANNELS_LAST,
          textAttribute('mode', mode),
          textAttribute('coordinate_transformation_mode', aligned ? 'align_corners' : half ? halfPixel : 'asymmetric'),
          textAttribute('nearest_mode', aligned ? 'round_prefer_ceil' : 'floor'),
        ]),
      ],
    };
  };

const blocks =
  (operator: string): Translate =>
  (node) => ({
    nodes: [
      makeNode(operator, dataInputs(node), node.name, [CHANNELS_LAST, integerAttribute('blocksize', numberOf(node, 'block_size', 1))]),
    ],
  });

const batchBlocks: Translate = (node, constants) => {
  const [x, block, begins] = dataInputs(node);
  const sizes = constants.get(block)?.integers;
  const pairs = constants.get(begins)?.integers;
  if (!sizes || !pairs) return null;
  const attributes = [
    CHANNELS_LAST,
    integersAttribute('block_shape', sizes),
    integersAttribute(
      'pads',
      pairs.filter((_, i) => i % 2 === 0),
    ),
  ];
  return { nodes: [makeNode(node.op, [x], node.name, attributes)] };
};

const TRANSLATIONS: Readonly<Record<string, Translate>> = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: convolution,
  FusedDepthwiseConv2dNative: convolution,
  Conv2DBackpropInput: transposed,
  MaxPool: pooling('MaxPool'),
  AvgPool: pooling('AveragePool'),
  Mean: reduction('ReduceMean'),
  Sum: reduction('ReduceSum'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  ConcatV2: concat,
  Transpose: transpose,
  Split: split,
  SplitV: split,
  Unpack: unpack,
  Slice: slice,
  StridedSlice: slice,
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  SpaceToDepth: blocks('SpaceToDepth'),
  DepthToSpace: blocks('DepthToSpace'),
  SpaceToBatchND: batchBlocks,
  BatchToSpaceND: batchBlocks,
};

/** A node that has no translation keeps its operator's name, of which the graph then does not say what it does. */
export function translateNode(node: GraphNode, constants: Constants): Translation {
  const translated = TRANSLATIONS[node.op]?.(node, constants);
  if (translated) return translated;
  return { nodes: [makeNode(ALIKE[node.op] ?? `tf.${node.op}`, dataInputs(node), node.name)] };
}

function isChannelsLast(node: GraphNode): boolean {
  const format = textOf(node, 'data_format');
  return format === '' || format === 'NHWC';
}

function windowAttributes(node: GraphNode, kernel: readonly number[], dilations: readonly number[]): AttributeProto[] {
  const padding = textOf(node, 'padding');
  const explicit = numbersOf(node, 'explicit_paddings');
  const [, , top = 0, bottom = 0, left = 0, right = 0] = explicit;
  return [
    CHANNELS_LAST,
    integersAttribute('kernel_shape', kernel),
    integersAttribute('strides', numbersOf(node, 'strides').slice(1, 3)),
    integersAttribute('dilations', dilations.length === 4 ? dilations.slice(1, 3) : [1, 1]),
    padding === 'EXPLICIT'
      ? integersAttribute('pads', [top, left, bottom, right])
      : textAttribute('auto_pad', padding === 'SAME' ? 'SAME_UPPER' : 'VALID'),
  ];
}
