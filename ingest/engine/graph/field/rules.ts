import { join } from './join.ts';
import {
  alongAxis,
  batchToSpace,
  concat,
  forget,
  gather,
  keep,
  matMul,
  pad,
  reduce,
  reshape,
  slice,
  spaceToBatch,
  transpose,
  unpack,
} from './layout.ts';
import { resize } from './resize.ts';
import type { Rule } from './tensor-field.ts';
import { gatherBlocks, slide, slideTransposed, spreadBlocks } from './window.ts';

/** Operators that combine their inputs cell by cell. */
const CELLWISE =
  'Add Sub Mul Div Pow Mod Min Max Sum Mean Where PRelu Equal Greater GreaterOrEqual Less LessOrEqual And Or Xor Not BitShift ' +
  'Abs Acos Asin Atan Ceil Celu Clip Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish IsInf IsNaN LeakyRelu Log Mish Neg Reciprocal ' +
  'Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu';

/** Operators whose first input's cells stay what they are; a normalisation's statistics of the whole map count for nothing. */
const KEEPING =
  'Identity Cast CastLike Dropout QuantizeLinear DequantizeLinear BatchNormalization InstanceNormalization GroupNormalization ' +
  'LayerNormalization RMSNormalization MeanVarianceNormalization LpNormalization LRN Expand';

const SLIDING = 'Conv FusedConv ConvInteger QLinearConv MaxPool AveragePool LpPool';

const REDUCING =
  'ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare ArgMax ArgMin';

const named = (operators: string, rule: Rule): [string, Rule][] => operators.split(' ').map((operator) => [operator, rule]);

/** What each operator does to a receptive field. An operator that is not here: the graph does not say. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ...named(CELLWISE, join),
  ...named(KEEPING, keep),
  ...named(SLIDING, slide),
  ...named(REDUCING, reduce),
  ...named('Shape Size', forget),
  ...named('Reshape Flatten Squeeze Unsqueeze', reshape),
  ...named('Resize Upsample', resize),
  ...named('Split', alongAxis(0)),
  ...named('Softmax LogSoftmax', alongAxis(-1)),
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
  ['Pad', pad],
  ['Slice', slice],
]);
