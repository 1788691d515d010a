import { type ModelProto, type NodeProto, TensorProto_DataType } from 'onnx-buf';
import type { Normalisation } from '../engine.ts';
import { floatConstant, integerAttribute, integerConstant, integersAttribute, makeNode, valueInfo } from '../graph/build.ts';
import { ancestors, type Graph } from '../graph/graph.ts';
import type { Arrangement, ImageInput } from '../graph/image-input.ts';
import { partOf } from './part.ts';
import { PIXELS, prepare } from './prepare.ts';

/** A tensor that is asked for, as it lies in the graph. */
export interface Tap {
  tensor: string;
  elementType: TensorProto_DataType;
  layout: Arrangement;
  /** Of the map that it becomes. Not needed where channels lie first already. */
  units?: number;
  height?: number;
  width?: number;
  /** Tokens in front that are dropped. */
  skip?: number;
  /** Turned: `matrix` is units x units, row-major; `name` tells the turns of one tensor apart. */
  turn?: { name: string; matrix: Float32Array };
}

/** The rewritten graph's name for what is tapped: always float32, NCHW. */
export function tapName(tap: Tap): string {
  if (tap.turn) return `dissectory/${tap.tensor}/${tap.turn.name}`;
  return isPlain(tap) ? tap.tensor : `dissectory/${tap.tensor}`;
}

/**
 * Cuts the graph behind the tapped tensors, and puts the preparation of the pixels inside it. Gives the bytes of a
 * model that takes `dissectory/pixels`, uint8 [batch, height, width, 3], and gives each tap under its `tapName`,
 * float32 [batch, units, h, w]. Weights that are no longer needed are dropped. `batch` null: any number of images.
 */
export function rewrite(
  model: ModelProto,
  graph: Graph,
  input: ImageInput,
  normalisation: Normalisation,
  taps: readonly Tap[],
  batch: number | null,
): Uint8Array<ArrayBuffer> {
  const kept = ancestors(
    graph,
    taps.map((tap) => tap.tensor),
  );
  const pixels = valueInfo(PIXELS, TensorProto_DataType.UINT8, [batch ?? 'batch', input.height, input.width, 3]);
  return partOf(model, graph, {
    name: model.graph?.name || 'network',
    inputs: [pixels],
    nodes: [...prepare(input, normalisation), ...kept, ...unturned(taps).flatMap(finish), ...taps.flatMap(turn)],
    outputs: taps.map(tapName),
  });
}

function isPlain(tap: Tap): boolean {
  return tap.layout === 'NCHW' && tap.elementType === TensorProto_DataType.FLOAT;
}

/** Every tensor that is tapped, once, as it is before any turn. */
function unturned(taps: readonly Tap[]): Tap[] {
  const plain = taps.map(({ turn, ...tap }): [string, Tap] => [tap.tensor, tap]);
  return [...new Map(plain).values()];
}

/** A 1x1 convolution: the matrix times the activations at every location, as one matrix product an image. */
function turn({ turn, ...tap }: Tap): NodeProto[] {
  if (!turn) return [];
  const units = Math.sqrt(turn.matrix.length);
  const turned = tapName({ ...tap, turn });
  const matrix = `${turned}/matrix`;
  return [floatConstant(matrix, [units, units, 1, 1], turn.matrix), makeNode('Conv', [tapName(tap), matrix], turned)];
}

function finish(tap: Tap): NodeProto[] {
  if (isPlain(tap)) return [];
  const planes = `${tapName(tap)}/planes`;
  const cast = makeNode('Cast', [tap.layout === 'NCHW' ? tap.tensor : planes], tapName(tap), [
    integerAttribute('to', TensorProto_DataType.FLOAT),
  ]);
  return [...toPlanes(tap, planes), cast];
}

/** Nodes that lay the tensor out as [batch, units, rows, columns] under the name `planes`. */
function toPlanes({ tensor, layout, units = 0, height = 1, width = 1, skip = 0 }: Tap, planes: string): NodeProto[] {
  const at = (step: string) => `${planes}/${step}`;
  switch (layout) {
    case 'NCHW':
      return [];
    case 'NCHWc': {
      const order = makeNode('ReorderOutput', [tensor], planes, [integerAttribute('channels', units)]);
      return [{ ...order, domain: 'com.microsoft.nchwc' }];
    }
    case 'NHWC':
      return [makeNode('Transpose', [tensor], planes, [integersAttribute('perm', [0, 3, 1, 2])])];
    case 'vector':
      return [integerConstant(at('shape'), [0, units, 1, 1]), makeNode('Reshape', [tensor, at('shape')], planes)];
    case 'tokens': {
      const patches = Array.from({ length: height * width }, (_, i) => skip + i);
      return [
        integerConstant(at('patches'), patches),
        integerConstant(at('shape'), [0, units, height, width]),
        makeNode('Gather', [tensor, at('patches')], at('kept'), [integerAttribute('axis', 1)]),
        makeNode('Transpose', [at('kept')], at('units'), [integersAttribute('perm', [0, 2, 1])]),
        makeNode('Reshape', [at('units'), at('shape')], planes),
      ];
    }
  }
}
