import { create } from '@bufbuild/protobuf';
import { type ModelProto, type TensorProto, TensorProto_DataType, TensorProtoSchema, type ValueInfoProto } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';
import type { FixedInputs } from '../engine.ts';

const { FLOAT, DOUBLE, BOOL, UINT8, INT32, INT64 } = TensorProto_DataType;

/** Writes values of a type that a tensor may have. */
const WRITERS: ReadonlyMap<TensorProto_DataType, (values: readonly number[]) => { buffer: ArrayBuffer }> = new Map<
  TensorProto_DataType,
  (values: readonly number[]) => { buffer: ArrayBuffer }
>([
  [FLOAT, (values) => Float32Array.from(values)],
  [DOUBLE, (values) => Float64Array.from(values)],
  [BOOL, (values) => Uint8Array.from(values, (value) => Number(value !== 0))],
  [UINT8, (values) => Uint8Array.from(values)],
  [INT32, (values) => Int32Array.from(values)],
  [INT64, (values) => BigInt64Array.from(values, (value) => BigInt(Math.trunc(value)))],
]);

/**
 * Makes constants of inputs beside the image, with the values that the model card gives them: one for all of an input's
 * elements, or one each. An open dimension counts as 1.
 *
 * @throws BAD_CARD where there is no such input, or where it holds other values
 */
export function fixInputs(file: string, { graph }: ModelProto, fixed: FixedInputs): void {
  if (!graph) return;
  for (const [name, value] of Object.entries(fixed)) {
    const input = graph.input.find((one) => one.name === name);
    if (!input) {
      const known = graph.input.map((one) => one.name).join(', ');
      throw new DissectoryError('BAD_CARD', `The model card fixes the input "${name}", which ${file} does not have. Its inputs: ${known}.`);
    }
    const given = [value].flat().map(Number);
    graph.initializer.push(constantOf(file, input, given));
  }
}

function constantOf(file: string, { name, type }: ValueInfoProto, given: readonly number[]): TensorProto {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : null;
  const dims = (tensor?.shape?.dim ?? []).map(({ value }) => (value.case === 'dimValue' && value.value > 0n ? value.value : 1n));
  const count = dims.reduce((product, size) => product * Number(size), 1);
  const write = WRITERS.get(tensor?.elemType ?? TensorProto_DataType.UNDEFINED);
  if (!write || (given.length !== 1 && given.length !== count)) {
    const takes = `${count} value${count === 1 ? '' : 's'} of ${TensorProto_DataType[tensor?.elemType ?? 0]}`;
    throw new DissectoryError(
      'BAD_CARD',
      `The model card fixes the input "${name}" of ${file} to ${given.length} values; it takes ${takes}.`,
    );
  }
  const values = write(given.length === 1 ? Array.from({ length: count }, () => given[0]) : given);
  const rawData = new Uint8Array(values.buffer);
  return create(TensorProtoSchema, { name, dims, dataType: tensor?.elemType ?? TensorProto_DataType.UNDEFINED, rawData });
}
