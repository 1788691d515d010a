/** Finds what the network takes. */
import { TensorProto_DataType, type TensorShapeProto_Dimension, type ValueInfoProto } from 'onnx-buf';
import { DissectoryError } from '../../../prisma/errors.ts';
import type { Graph } from './graph.ts';
import type { ImageInput, InputSize, Layout } from './image-input.ts';

const FLOATS: readonly TensorProto_DataType[] = [TensorProto_DataType.FLOAT, TensorProto_DataType.FLOAT16, TensorProto_DataType.DOUBLE];

/**
 * Finds the graph's image input. `size` is needed where the graph leaves height or width open.
 * Throws BAD_MODEL where there is no such input, or where its size stays unknown or contradicts `size`.
 */
export function imageInput(file: string, graph: Graph, size: InputSize | null): ImageInput {
  const images = graph.inputs.filter((input) => dimensions(input)?.length === 4);
  if (images.length !== 1) {
    const found = graph.inputs.map((input) => `${input.name} [${(dimensions(input) ?? []).map(shown).join(', ')}]`).join(', ') || 'none';
    throw new DissectoryError(
      'BAD_MODEL',
      `The model ${file} needs exactly one input of four dimensions, an image batch; its inputs: ${found}.`,
    );
  }
  const [input] = images;
  const sizes = (dimensions(input) ?? []).map(known);
  const layout = layoutOf(file, input.name, sizes);
  const elementType = input.type?.value.case === 'tensorType' ? input.type.value.value.elemType : TensorProto_DataType.UNDEFINED;
  if (!FLOATS.includes(elementType)) {
    const type = TensorProto_DataType[elementType];
    throw new DissectoryError(
      'BAD_MODEL',
      `The input ${input.name} of ${file} takes ${type} numbers. Export the model with a float input.`,
    );
  }
  const [height, width] = layout === 'NCHW' ? [sizes[2], sizes[3]] : [sizes[1], sizes[2]];
  return {
    name: input.name,
    layout,
    elementType,
    height: settle(file, 'height', height, size?.height),
    width: settle(file, 'width', width, size?.width),
    batch: sizes[0],
  };
}

function dimensions(input: ValueInfoProto): TensorShapeProto_Dimension[] | undefined {
  return input.type?.value.case === 'tensorType' ? input.type.value.value.shape?.dim : undefined;
}

/** Exporters write an open dimension as a name, as nothing, as 0 or as -1. */
function known(dimension: TensorShapeProto_Dimension): number | null {
  return dimension.value.case === 'dimValue' && dimension.value.value > 0n ? Number(dimension.value.value) : null;
}

function shown(dimension: TensorShapeProto_Dimension): string {
  return dimension.value.case === undefined ? '?' : String(dimension.value.value);
}

function layoutOf(file: string, name: string, sizes: readonly (number | null)[]): Layout {
  const [, first, , last] = sizes;
  if (first === 3) return 'NCHW';
  if (last === 3) return 'NHWC';
  if (first === null) return 'NCHW';
  const shape = sizes.map((size) => size ?? '?').join(', ');
  throw new DissectoryError('BAD_MODEL', `The input ${name} of ${file} is [${shape}]: it takes no RGB images, which have 3 channels.`);
}

function settle(file: string, axis: 'height' | 'width', declared: number | null, asked: number | undefined): number {
  if (declared !== null && asked !== undefined && declared !== asked) {
    throw new DissectoryError(
      'BAD_MODEL',
      `The input ${axis} of ${file} is ${declared}, but ${asked} was asked for. Correct the model card.`,
    );
  }
  const size = declared ?? asked;
  if (size === undefined) {
    const message = `The model ${file} leaves its input ${axis} open. Name the size in the model card: "input": {"shape": [3, 224, 224]}.`;
    throw new DissectoryError('BAD_MODEL', message);
  }
  return size;
}
