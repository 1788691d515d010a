import { byteLength, type TfjsModel } from './model-file.ts';
import type { Constant } from './translated.ts';

/** Shapes, axes and paddings are lists of a few integers; longer ones are weights. */
const FEW = 64;

/** All weights of a model by name, those of a few integers with their values. */
export function constantsOf({ weightSpecs, weightData }: TfjsModel): Map<string, Constant> {
  const data = new DataView(weightData);
  const constants = new Map<string, Constant>();
  let at = 0;
  for (const spec of weightSpecs) {
    const { name, shape, dtype, quantization } = spec;
    const count = shape.reduce((product, size) => product * size, 1);
    const isPlain = dtype === 'int32' && !quantization && count <= FEW;
    const integers = isPlain ? Array.from({ length: count }, (_, i) => data.getInt32(at + 4 * i, true)) : undefined;
    constants.set(name, { name, shape, integers });
    if (dtype !== 'string') at += byteLength(spec);
    // A text is written as its length and its bytes.
    else for (let i = 0; i < count; i++) at += 4 + data.getUint32(at, true);
  }
  return constants;
}
