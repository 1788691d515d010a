/** Finds what the network takes. */
import { TensorProto_DataType, type TensorShapeProto_Dimension, type ValueInfoProto } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';
import type { Channels } from '../../../prisma/generated/enums.ts';
import type { Graph } from './graph.ts';
import { channelCount, type ImageInput, type InputSize, isInteger, type Layout } from './image-input.ts';

const FLOATS: readonly TensorProto_DataType[] = [TensorProto_DataType.FLOAT, TensorProto_DataType.FLOAT16, TensorProto_DataType.DOUBLE];

/**
 * Finds the graph's image input. `size` is needed where the graph leaves height or width open; `asked` tells BGR from
 * RGB. Throws BAD_MODEL where there is no such input, or where its size stays unknown or contradicts `size`, or its
 * channels `asked`.
 */
export function imageInput(file: string, graph: Graph, size: InputSize | null, asked: Channels | null = null): ImageInput {
  const images = graph.inputs.filter((input) => dimensions(input)?.length === 4);
  if (images.length !== 1) {
    const found = graph.inputs.map((input) => `${input.name} [${(dimensions(input) ?? []).map(shown).join(', ')}]`).join(', ') || 'none';
    throw new DissectoryError(
      'BAD_MODEL',
      `The model ${file} needs exactly one input of four dimensions, an image batch; its inputs: ${found}. Fix the others in the model card: "inputs": {"NAME": 0}.`,
    );
  }
  const [input] = images;
  const sizes = (dimensions(input) ?? []).map(known);
  const layout = layoutOf(sizes);
  const channels = channelsOf(file, input.name, sizes, layout, asked);
  const elementType = input.type?.value.case === 'tensorType' ? input.type.value.value.elemType : TensorProto_DataType.UNDEFINED;
  if (!FLOATS.includes(elementType) && !isInteger(elementType)) {
    const type = TensorProto_DataType[elementType];
    throw new DissectoryError(
      'BAD_MODEL',
      `The input ${input.name} of ${file} takes ${type} numbers. Export the model with an input of float or integer numbers.`,
    );
  }
  const [height, width] = layout === 'NCHW' ? [sizes[2], sizes[3]] : [sizes[1], sizes[2]];
  return {
    name: input.name,
    layout,
    channels,
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

/** Channels stand where three or one is; where that is left open, in front as PyTorch has them. */
function layoutOf([, first, second, last]: readonly (number | null)[]): Layout {
  if (first === 3) return 'NCHW';
  if (last === 3) return 'NHWC';
  if (first === 1) return 'NCHW';
  if (last === 1) return 'NHWC';
  return last === null && first !== null && second !== null ? 'NHWC' : 'NCHW';
}

function channelsOf(file: string, name: string, sizes: readonly (number | null)[], layout: Layout, asked: Channels | null): Channels {
  const count = layout === 'NCHW' ? sizes[1] : sizes[3];
  const shape = `The input ${name} of ${file} is [${sizes.map((size) => size ?? '?').join(', ')}]`;
  if (count !== null && count !== 3 && count !== 1)
    throw new DissectoryError('BAD_MODEL', `${shape}: it takes no images, which have 3 channels, or 1 where they are grey.`);
  const channels = asked ?? (count === 1 ? 'GREY' : 'RGB');
  if (count !== null && count !== channelCount(channels)) {
    const said = `${shape}: it takes ${count} channel${count === 1 ? '' : 's'}`;
    throw new DissectoryError('BAD_MODEL', `${said}, but ${channels.toLowerCase()} images were asked for. Correct the model card.`);
  }
  return channels;
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
