import fc from 'fast-check';
import type { ModelProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { integerAttribute, integersAttribute, textAttribute } from '../../../ingest/engine/graph/build.ts';
import type { AxisLine } from '../../../ingest/engine/graph/field/axis.ts';
import { composedField, type Heard, measureField } from './measure-field.ts';
import { type Sketch, sketch } from './sketch.ts';

const EXTENT = 40;

interface Cell {
  /** What the composed field says. */
  expected: { first: number; last: number };
  heard: Heard | null;
}

/** Cells whose receptive field lies within the image; at the border a part of it is cut off. */
function inner({ offset, stride, size: known }: AxisLine, measured: readonly (Heard | null)[]): Cell[] {
  const size = known ?? Number.NaN;
  return measured
    .map((heard, j) => ({ expected: { first: offset + j * stride - (size - 1) / 2, last: offset + j * stride + (size - 1) / 2 }, heard }))
    .filter(({ expected }) => expected.first >= 0 && expected.last <= EXTENT - 1);
}

async function compare(model: ModelProto, tensor: string) {
  const field = await composedField(model, tensor);
  if (typeof field !== 'object') throw new Error(`the graph does not say how ${tensor} lies`);
  const { rows, columns } = await measureField(model, tensor);
  return { rows: inner(field.y, rows), columns: inner(field.x, columns), field };
}

const small = fc.integer({ min: 1, max: 2 });
const kernel = fc.integer({ min: 1, max: 4 });
const autoPad = fc.constantFrom(undefined, 'SAME_UPPER', 'SAME_LOWER', 'VALID');
const step = fc.oneof(
  fc.record({
    kind: fc.constant('conv' as const),
    kernel: fc.tuple(kernel, kernel),
    stride: fc.tuple(small, small),
    dilation: small,
    pad: fc.integer({ min: 0, max: 2 }),
    autoPad,
  }),
  fc.record({
    kind: fc.constantFrom('MaxPool' as const, 'AveragePool' as const),
    kernel: fc.integer({ min: 2, max: 3 }),
    stride: small,
    ceil: fc.integer({ min: 0, max: 1 }),
    pad: fc.integer({ min: 0, max: 1 }),
  }),
  fc.record({ kind: fc.constant('residual' as const), kernel: fc.constantFrom(1, 3, 5), stride: small }),
  fc.record({ kind: fc.constant('inception' as const), kernels: fc.tuple(fc.constantFrom(1, 3), fc.constantFrom(3, 5)) }),
  fc.record({ kind: fc.constant('pad' as const), pads: fc.tuple(small, small, small, small) }),
);

type Options = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The least number of cells left in a row, padding not counted: a window must fit into its map. */
function left(cells: number, options: Options): number {
  if (options.kind === 'pad' || options.kind === 'inception') return cells;
  const dilation = options.kind === 'conv' ? options.dilation : 1;
  const reach = (Math.max(...[options.kernel].flat()) - 1) * dilation;
  return Math.floor((cells - reach - 1) / Math.max(...[options.stride].flat())) + 1;
}

function add(net: Sketch, x: string, y: string, options: Options): string {
  switch (options.kind) {
    case 'conv': {
      const attributes = options.autoPad ? [textAttribute('auto_pad', options.autoPad)] : [];
      // ONNX Runtime does not take SAME together with dilation
      return net.conv(x, y, { ...options, dilation: options.autoPad ? 1 : options.dilation, attributes });
    }
    case 'MaxPool':
    case 'AveragePool':
      return net.pool(options.kind, x, y, { ...options, attributes: [integerAttribute('ceil_mode', options.ceil)] });
    case 'residual': {
      const { kernel, stride } = options;
      const sums = net.conv(x, `${y}.sums`, { kernel, stride, pad: (kernel - 1) / 2 });
      return net.node('Add', [net.conv(x, `${y}.shortcut`, { kernel: 1, stride }), sums], y);
    }
    case 'inception': {
      const branches = options.kernels.map((kernel, i) => net.conv(x, `${y}.${i}`, { kernel, pad: (kernel - 1) / 2 }));
      return net.conv(net.node('Concat', branches, `${y}.concat`, [integerAttribute('axis', 1)]), y, { kernel: 1, from: 2 });
    }
    case 'pad':
      return net.node(
        'Pad',
        [x, net.integers(`${y}.pads`, [0, 0, options.pads[0], options.pads[1], 0, 0, options.pads[2], options.pads[3]])],
        y,
      );
  }
}

describe('receptive fields against single rows and columns of light', () => {
  it('every cell of a random network hears exactly the pixels that are composed for it', async () => {
    let seen = 0;
    const network = fc.array(step, { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(network, async (steps) => {
      const net = sketch({ height: EXTENT, width: EXTENT });
      let x = net.conv('input', 'grey', { kernel: 1 });
      let room = EXTENT;
      for (const [i, options] of steps.entries()) {
        room = left(room, options);
        if (room < 1) break;
        x = add(net, x, `y${i}`, options);
      }
      const { rows, columns } = await compare(net.model(x), x);
      fc.pre(rows.length > 0 && columns.length > 0);
      seen += rows.length + columns.length;
      for (const { expected, heard } of [...rows, ...columns]) expect(heard).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 60, maxSkipsPerRun: 20 });
    expect(seen).toBeGreaterThan(60);
  });

  const resize =
    (scale: number, mode: string, coordinates: string, rounding = 'round_prefer_floor') =>
    (net: Sketch, x: string) =>
      net.node('Resize', [x, '', net.weights('scales', [4], [1, 1, scale, scale])], 'y', [
        textAttribute('mode', mode),
        textAttribute('coordinate_transformation_mode', coordinates),
        textAttribute('nearest_mode', rounding),
      ]);
  const pyramid = (kernel: number, mode: string) => (net: Sketch, x: string) => {
    net.conv(net.conv(x, 'coarse', { kernel: 3, stride: 2, pad: 1 }), 'coarser', { kernel: 3, pad: 1 });
    const coordinates = mode === 'nearest' ? 'asymmetric' : 'half_pixel';
    const sizes = [
      textAttribute('mode', mode),
      textAttribute('coordinate_transformation_mode', coordinates),
      textAttribute('nearest_mode', 'floor'),
    ];
    net.node('Resize', ['coarser', '', net.weights('scales', [4], [1, 1, 2, 2])], 'enlarged', sizes);
    return net.node('Add', ['enlarged', net.conv(x, 'lateral', { kernel, pad: (kernel - 1) / 2 })], 'y');
  };
  const transposed = (kernel: number, stride: number, pad: number, beyond: number) => (net: Sketch, x: string) =>
    net.node('ConvTranspose', [x, net.weights('w', [1, 1, kernel, kernel], new Array(kernel * kernel).fill(0.5))], 'y', [
      integersAttribute('strides', [stride, stride]),
      integersAttribute('pads', [pad, pad, pad, pad]),
      integersAttribute('output_padding', [beyond, beyond]),
    ]);
  const transposedSame = (kernel: number, auto: string) => (net: Sketch, x: string) =>
    net.node('ConvTranspose', [x, net.weights('w', [1, 1, kernel, kernel], new Array(kernel * kernel).fill(0.5))], 'y', [
      integersAttribute('strides', [2, 2]),
      textAttribute('auto_pad', auto),
    ]);

  it.each<[string, (net: Sketch, x: string) => string]>([
    ['resize, nearest, as PyTorch exports it', resize(2, 'nearest', 'asymmetric', 'floor')],
    ['resize, nearest, half pixel', resize(2, 'nearest', 'half_pixel')],
    ['resize, nearest, three times', resize(3, 'nearest', 'asymmetric', 'floor')],
    ['resize, nearest, rounding up', resize(2, 'nearest', 'asymmetric', 'ceil')],
    ['resize, linear, half pixel', resize(2, 'linear', 'half_pixel')],
    ['resize, linear, as older PyTorch exports it', resize(2, 'linear', 'pytorch_half_pixel')],
    ['resize, linear, four times', resize(4, 'linear', 'half_pixel')],
    ['resize, linear, to half the size', resize(0.5, 'linear', 'half_pixel')],
    ['resize, linear, to half the size, on the cells', resize(0.5, 'linear', 'asymmetric')],
    ['resize, cubic', resize(2, 'cubic', 'half_pixel')],
    ['a coarse map enlarged and added to a fine one, as feature pyramids do', pyramid(3, 'nearest')],
    ['the same where the fine one hears as much', pyramid(9, 'nearest')],
    ['the same, bilinear', pyramid(5, 'linear')],
    ['transposed convolution, kernel 2, stride 2', transposed(2, 2, 0, 0)],
    ['transposed convolution, kernel 4, stride 2, padding 1', transposed(4, 2, 1, 0)],
    ['transposed convolution, kernel 3, stride 2, padding 1, one beyond', transposed(3, 2, 1, 1)],
    ['transposed convolution, kernel 3, stride 1, padding 1', transposed(3, 1, 1, 0)],
    ['transposed convolution, kernel 6, stride 3, padding 1', transposed(6, 3, 1, 0)],
    ['transposed convolution, SAME_UPPER', transposedSame(3, 'SAME_UPPER')],
    ['transposed convolution, SAME_LOWER', transposedSame(3, 'SAME_LOWER')],
    ['transposed convolution, SAME_UPPER, even kernel', transposedSame(4, 'SAME_UPPER')],
    ['transposed convolution, VALID', transposedSame(3, 'VALID')],
    [
      'depth to space',
      (net, x) => net.node('DepthToSpace', [net.conv(x, 'four', { kernel: 1, units: 4 })], 'y', [integerAttribute('blocksize', 2)]),
    ],
    ['space to depth', (net, x) => net.node('SpaceToDepth', [x], 'y', [integerAttribute('blocksize', 2)])],
    [
      'space to depth by slices',
      (net, x) => {
        const slices = [0, 1].flatMap((row) =>
          [0, 1].map((column) =>
            net.node(
              'Slice',
              [x, net.integers(`s${row}${column}`, [row, column]), net.integers(`e${row}${column}`, [99, 99]), 'axes', 'steps'],
              `p${row}${column}`,
            ),
          ),
        );
        net.integers('axes', [2, 3]);
        net.integers('steps', [2, 2]);
        return net.node('Concat', slices, 'y', [integerAttribute('axis', 1)]);
      },
    ],
  ])('%s: sizes are those of the cells that hear most, centres right in the mean and within half an input cell', async (_, build) => {
    const net = sketch({ height: EXTENT, width: EXTENT });
    const x = net.conv('input', 'x', { kernel: 3, stride: 2, pad: 1 });
    const { rows, field } = await compare(net.model(build(net, x)), 'y');
    expect(field.x).toEqual(field.y);
    // Whole phases only: as many cells as lie over a whole number of input cells
    const phase = Math.max(Math.round(4 / field.y.stride), 1);
    const whole = rows.slice(0, rows.length - (rows.length % phase));
    const heard = whole.map((cell) => cell.heard ?? { first: Number.NaN, last: Number.NaN });
    const errors = whole.map(({ expected }, j) => (heard[j].first + heard[j].last - expected.first - expected.last) / 2);
    expect(whole.length).toBeGreaterThan(4);
    expect(Math.max(...heard.map(({ first, last }) => last - first + 1))).toBe(field.y.size);
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeCloseTo(0, 9);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(1);
  });
});
