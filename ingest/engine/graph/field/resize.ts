/** Resize and Upsample: which input cells an output cell reads. */
import { integer, text } from '../graph.ts';
import { type Sampling, throughSampling } from './axis.ts';
import { sameDim } from './dims.ts';
import { settled } from './settled.ts';
import { isPlaceless, overKnown, planesOf, type Rule } from './tensor-field.ts';
import { onMap } from './window.ts';

export const resize: Rule = (step) =>
  overKnown(step, (unsettled, input) => {
    const { node, graph, shapeOf } = step;
    const output = shapeOf(node.output[0]);
    const at = planesOf(node);
    if (input.length !== 4 || output?.length !== 4) return 'unknown';
    // One value for the whole image, spread over a map again
    if (isPlaceless(unsettled))
      return {
        ...unsettled,
        dims: unsettled.dims.map((one, i) => (output[i] === input[i] ? one : input[i] === 1 ? sameDim(output[i]) : one)),
      };
    const field = settled(unsettled, at);
    if (!field?.y || !field.x) return 'unknown';
    // Upsample, and Resize before opset 11, knew one way only.
    const old = node.opType === 'Upsample' || graph.opset < 11;
    const how = {
      mode: text(node, 'mode', 'nearest'),
      coordinates: old ? 'asymmetric' : text(node, 'coordinate_transformation_mode', 'half_pixel'),
      rounding: old ? 'floor' : text(node, 'nearest_mode', 'round_prefer_floor'),
      antialias: integer(node, 'antialias', 0) === 1,
    };
    const y = sampling(how, input[at.y], output[at.y]);
    const x = sampling(how, input[at.x], output[at.x]);
    if (!y || !x) return 'unknown';
    const rows = { ...throughSampling(field.y, y), cells: output[at.y] };
    return onMap(field, at, rows, { ...throughSampling(field.x, x), cells: output[at.x] }, output);
  });

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
  const { numerator, denominator } = line;
  const exact = (o: number) => line.start + (o * numerator) / denominator;
  const step = { numerator, denominator };
  if (mode === 'nearest') return { step, cells: (o) => [round(exact(o), rounding), round(exact(o), rounding)] };
  const scale = numerator / denominator;
  const reach = (mode === 'cubic' ? 2 : 1) * (antialias && scale > 1 ? scale : 1);
  return {
    step,
    cells: (o) => {
      const at = tidy(exact(o));
      // Cells at a distance of the reach have no weight
      return [Math.floor(at - reach) + 1, Math.max(Math.ceil(at + reach) - 1, Math.floor(at - reach) + 1)];
    },
  };
}

/** Without the last bits that sums of fractions leave behind. */
const tidy = (value: number) => (Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : value);

/** Input coordinate of output cell o: `start + o * numerator / denominator`. */
interface Line {
  start: number;
  numerator: number;
  denominator: number;
}

function coordinateLine(coordinates: string, input: number, output: number): Line | null {
  const step = input / output;
  const whole = { numerator: input, denominator: output };
  switch (coordinates) {
    case 'half_pixel':
    case 'half_pixel_symmetric':
      return { ...whole, start: step / 2 - 0.5 };
    case 'pytorch_half_pixel':
      return { ...whole, start: output > 1 ? step / 2 - 0.5 : 0 };
    case 'asymmetric':
      return { ...whole, start: 0 };
    case 'tf_half_pixel_for_nn':
      return { ...whole, start: step / 2 };
    case 'align_corners':
      return output > 1 && input > 1 ? { numerator: input - 1, denominator: output - 1, start: 0 } : { ...whole, start: 0 };
    default:
      return null;
  }
}

function round(value: number, rounding: string): number {
  const exact = tidy(value);
  switch (rounding) {
    case 'floor':
      return Math.floor(exact);
    case 'ceil':
      return Math.ceil(exact);
    case 'round_prefer_ceil':
      return Math.floor(exact + 0.5);
    default:
      return Math.ceil(exact - 0.5);
  }
}
