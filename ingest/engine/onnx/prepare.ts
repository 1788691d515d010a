import { type NodeProto, TensorProto_DataType } from 'onnx-buf';
import type { Normalisation } from '../engine.ts';
import { floatConstant, integerAttribute, integerConstant, integersAttribute, makeNode } from '../graph/build.ts';
import { GREY_WEIGHTS, GREY_WHOLE, type ImageInput, integerRange } from '../graph/image-input.ts';

/** What a rewritten network takes: uint8 [batch, height, width, 3], RGB. */
export const PIXELS = 'dissectory/pixels';

type Nodes = readonly NodeProto[];

/**
 * Nodes that make the network's own input of the pixels: colours in its order or one grey value, `(value / 255 - mean)
 * / std` operation by operation in float32 as written, so that it agrees with the usual Python to the last bit, and its
 * layout and number type. Integers are rounded to the nearest and kept within their range.
 */
export function prepare(input: ImageInput, normalisation: Normalisation): Nodes {
  const { layout, channels } = input;
  const [ordered, reordering] = channels === 'BGR' ? [at('bgr'), reverse(PIXELS, at('bgr'))] : [PIXELS, []];
  if (channels === 'GREY') {
    const planes = layout === 'NCHW' ? at('planes') : at('grey');
    return [
      toFloat(ordered, at('float')),
      ...grey(at('float'), at('grey')),
      ...(layout === 'NCHW' ? [toPlanes(at('grey'), planes)] : []),
      ...normalise(planes, input, normalisation),
    ];
  }
  const [laid, laying] = layout === 'NCHW' ? [at('planes'), [toPlanes(ordered, at('planes'))]] : [ordered, []];
  return [...reordering, ...laying, toFloat(laid, at('float')), ...normalise(at('float'), input, normalisation)];
}

const at = (step: string) => `${PIXELS}/${step}`;

const toFloat = (from: string, to: string) => makeNode('Cast', [from], to, [integerAttribute('to', TensorProto_DataType.FLOAT)]);

const toPlanes = (from: string, to: string) => makeNode('Transpose', [from], to, [integersAttribute('perm', [0, 3, 1, 2])]);

function reverse(from: string, to: string): Nodes {
  return [integerConstant(at('order'), [2, 1, 0]), makeNode('Gather', [from, at('order')], to, [integerAttribute('axis', 3)])];
}

/**
 * Every number on the way is a whole one below 2^24, or such a one over 2^16: exact in float32, in whatever order it is
 * summed.
 */
function grey(from: string, to: string): Nodes {
  return [
    floatConstant(at('grey/weights'), [3, 1], GREY_WEIGHTS),
    floatConstant(at('grey/half'), [], [GREY_WHOLE / 2]),
    floatConstant(at('grey/whole'), [], [GREY_WHOLE]),
    makeNode('MatMul', [from, at('grey/weights')], at('grey/sum')),
    makeNode('Add', [at('grey/sum'), at('grey/half')], at('grey/rounded')),
    makeNode('Div', [at('grey/rounded'), at('grey/whole')], at('grey/scaled')),
    makeNode('Floor', [at('grey/scaled')], to),
  ];
}

function normalise(from: string, input: ImageInput, { mean, std }: Normalisation): Nodes {
  const shape = (values: readonly number[]) => (input.layout === 'NCHW' ? [1, values.length, 1, 1] : [values.length]);
  const range = integerRange(input.elementType);
  const isFloat = input.elementType === TensorProto_DataType.FLOAT;
  const normalised = isFloat ? input.name : at('normalised');
  return [
    floatConstant(at('white'), [], [255]),
    floatConstant(at('mean'), shape(mean), mean),
    floatConstant(at('std'), shape(std), std),
    makeNode('Div', [from, at('white')], at('scaled')),
    makeNode('Sub', [at('scaled'), at('mean')], at('centred')),
    makeNode('Div', [at('centred'), at('std')], normalised),
    ...(range ? rounded(normalised, range, at('integers')) : []),
    ...(isFloat ? [] : [makeNode('Cast', [range ? at('integers') : normalised], input.name, [integerAttribute('to', input.elementType)])]),
  ];
}

/** In operators that every opset has in this form: Round and Clip came, or changed, with 11. */
function rounded(from: string, [least, most]: readonly [number, number], to: string): Nodes {
  return [
    floatConstant(at('half'), [], [0.5]),
    floatConstant(at('least'), [], [least]),
    floatConstant(at('most'), [], [most]),
    makeNode('Add', [from, at('half')], at('raised')),
    makeNode('Floor', [at('raised')], at('nearest')),
    makeNode('Max', [at('nearest'), at('least')], at('bounded')),
    makeNode('Min', [at('bounded'), at('most')], to),
  ];
}
