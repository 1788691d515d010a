/** Resize and Upsample: which input cells an output cell reads. */
import { integer, text } from '../graph.ts';
import { type Sampling, throughSampling } from './axis.ts';
import { liesAlong, type Rule, spatialAxes } from './tensor-field.ts';

export const resize: Rule = ({ node, graph, fieldOf, shapeOf }) => {
  const field = fieldOf(node.input[0]);
  if (typeof field === 'string') return field;
  const input = shapeOf(node.input[0]);
  const output = shapeOf(node.output[0]);
  const axes = spatialAxes(node);
  if (!liesAlong(field, axes) || input?.length !== 4 || output?.length !== 4) return 'unknown';
  // Upsample, and Resize before opset 11, knew one way only.
  const old = node.opType === 'Upsample' || graph.opset < 11;
  const how = {
    mode: text(node, 'mode', 'nearest'),
    coordinates: old ? 'asymmetric' : text(node, 'coordinate_transformation_mode', 'half_pixel'),
    rounding: old ? 'floor' : text(node, 'nearest_mode', 'round_prefer_floor'),
    antialias: integer(node, 'antialias', 0) === 1,
  };
  const [height, width] = axes.map((axis) => output.at(axis) ?? 1);
  const y = sampling(how, input.at(axes[0]) ?? 1, height);
  const x = sampling(how, input.at(axes[1]) ?? 1, width);
  if (!y || !x) return 'unknown';
  return { y: throughSampling(field.y, y), x: throughSampling(field.x, x), height, width, axes };
};

interface How {
  mode: string;
  coordinates: string;
  rounding: string;
  antialias: boolean;
}

/** null where the coordinates follow a region of interest. */
function sampling({ mode, coordinates, rounding, antialias }: How, input: number, output: number): Sampling | null {
  const line = coordinateLine(coordinates, input, output);
  if (!line) return null;
  if (mode === 'nearest') return { ...line, start: line.start + meanRounding(line, rounding, output), taps: 1 };
  const onCells = Number.isInteger(line.step) && Number.isInteger(line.start);
  const width = mode === 'cubic' ? 4 : 2;
  if (antialias && line.step > 1) return { ...line, taps: Math.ceil(width * line.step) };
  return { ...line, taps: onCells ? 1 : width };
}

interface Line {
  start: number;
  step: number;
}

/** Input coordinate of output cell o: `start + o * step`. */
function coordinateLine(coordinates: string, input: number, output: number): Line | null {
  const step = input / output;
  switch (coordinates) {
    case 'half_pixel':
    case 'half_pixel_symmetric':
      return { step, start: step / 2 - 0.5 };
    case 'pytorch_half_pixel':
      return { step, start: output > 1 ? step / 2 - 0.5 : 0 };
    case 'asymmetric':
      return { step, start: 0 };
    case 'tf_half_pixel_for_nn':
      return { step, start: step / 2 };
    case 'align_corners':
      return { step: output > 1 ? (input - 1) / (output - 1) : step, start: 0 };
    default:
      return null;
  }
}

/** How far, in the mean, the cell that is taken lies from the exact coordinate: nearest by `floor` at twice the size takes 0, 0, 1, 1 for 0, 0.5, 1, 1.5. */
function meanRounding({ start, step }: Line, rounding: string, output: number): number {
  let sum = 0;
  for (let o = 0; o < output; o++) {
    const exact = start + o * step;
    sum += round(exact, rounding) - exact;
  }
  return sum / output;
}

function round(value: number, rounding: string): number {
  switch (rounding) {
    case 'floor':
      return Math.floor(value);
    case 'ceil':
      return Math.ceil(value);
    case 'round_prefer_ceil':
      return Math.floor(value + 0.5);
    default:
      return Math.ceil(value - 0.5);
  }
}
