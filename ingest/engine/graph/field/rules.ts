import type { NodeProto } from 'onnx-buf';
import { einsum, gemm, matMul } from './contract.ts';
import { join } from './join.ts';
import {
  alongAxis,
  batchToSpace,
  concat,
  expand,
  forget,
  gather,
  keep,
  pad,
  reduce,
  reducePlanes,
  reorder,
  reshape,
  scatter,
  slice,
  spaceToBatch,
  split,
  transpose,
  unpack,
} from './layout.ts';
import { resize } from './resize.ts';
import type { Rule } from './tensor-field.ts';
import { gatherBlocks, slide, slideInBlocks, slideTransposed, spreadBlocks } from './window.ts';

/** Operators that combine their inputs cell by cell. */
const CELLWISE =
  'Add Sub Mul Div Pow Mod Min Max Sum Mean Where PRelu Equal Greater GreaterOrEqual Less LessOrEqual And Or Xor Not BitShift ' +
  'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Clip Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish IsInf IsNaN LeakyRelu Log Mish Neg ' +
  'Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu';

/**
 * Operators whose first input's cells stay what they are; a normalisation's statistics of the whole map count for
 * nothing.
 */
const KEEPING =
  'Identity Cast CastLike Dropout QuantizeLinear DequantizeLinear BatchNormalization InstanceNormalization GroupNormalization ' +
  'LayerNormalization RMSNormalization MeanVarianceNormalization LpNormalization LRN';

const REDUCING =
  'ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare ArgMax ArgMin';

const named = (operators: string, rule: Rule): [string, Rule][] => operators.split(' ').map((operator) => [operator, rule]);

/**
 * What each operator does to layout and receptive field, for each domain that has one. An operator that is not here:
 * the graph does not say.
 */
const RULES: Readonly<Record<string, ReadonlyMap<string, Rule>>> = {
  '': new Map([
    ...named(CELLWISE, join),
    ...named(KEEPING, keep),
    ...named('Conv ConvInteger QLinearConv MaxPool AveragePool LpPool', slide),
    ...named('GlobalAveragePool GlobalMaxPool GlobalLpPool', reducePlanes),
    ...named(REDUCING, reduce),
    ...named('Shape Size', forget),
    ...named('Reshape Flatten Squeeze Unsqueeze', reshape),
    ...named('Resize Upsample', resize),
    ...named('Softmax LogSoftmax Hardmax', alongAxis),
    ...named('Expand Tile', expand),
    ...named('DeformConv GridSample MaxUnpool', scatter),
    ['Split', split],
    ['ConvTranspose', slideTransposed],
    ['SpaceToDepth', gatherBlocks],
    ['DepthToSpace', spreadBlocks],
    ['SpaceToBatchND', spaceToBatch],
    ['BatchToSpaceND', batchToSpace],
    ['Transpose', transpose],
    ['Unpack', unpack],
    ['Concat', concat],
    ['Gather', gather],
    ['MatMul', matMul],
    ['Gemm', gemm],
    ['Einsum', einsum],
    ['Pad', pad],
    ['Slice', slice],
  ]),
  // What ONNX Runtime writes when it saves an optimised model
  'com.microsoft': new Map([
    ...named('FusedConv NhwcConv NhwcFusedConv NhwcMaxPool', slide),
    ...named('Gelu FastGelu BiasGelu QuickGelu BiasAdd QLinearAdd QLinearMul', join),
    ...named('QLinearSigmoid QLinearLeakyRelu GroupNorm LayerNormalization SimplifiedLayerNormalization', keep),
    ['FusedMatMul', matMul],
  ]),
  // Channels lie in blocks, although the shapes say otherwise
  'com.microsoft.nchwc': new Map([
    ...named('Conv MaxPool AveragePool', slideInBlocks),
    ...named('GlobalMaxPool GlobalAveragePool', reducePlanes),
    ...named('Upsample', resize),
    ['ReorderInput', reorder(true)],
    ['ReorderOutput', reorder(false)],
  ]),
};

export function ruleOf({ domain, opType }: Pick<NodeProto, 'domain' | 'opType'>): Rule | undefined {
  return RULES[!domain || domain === 'ai.onnx' ? '' : domain]?.get(opType);
}
