import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTfjs } from '../../../../ingest/engine/tfjs/engine.ts';
import { type Lit, type LitCell, light } from '../light.ts';
import { type GraphSketch, graphSketch, list, text, windowAttributes } from './graph-sketch.ts';
import { writeTfjsModel } from './write-model.ts';

const EXTENT = 40;
const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-field-'));
afterAll(() => rmSync(folder, { recursive: true }));
tf.enableProdMode(); // or it advertises tfjs-node

type Symbolic = tf.SymbolicTensor;
const { layers } = tf;
/** Positive, so that nothing cancels out and every pixel in the receptive field shows. */
const positive = { kernelInitializer: 'ones' } as const;
const depthwise = { depthwiseInitializer: 'ones' } as const;
const conv = (kernelSize: number, strides = 1, padding: 'same' | 'valid' = 'same', more = {}) =>
  layers.conv2d({ filters: 2, kernelSize, strides, padding, ...positive, ...more });
const through = (layer: { apply(x: Symbolic | Symbolic[]): unknown }, x: Symbolic | Symbolic[]) => layer.apply(x) as Symbolic;
const chain =
  (...parts: { apply(x: Symbolic | Symbolic[]): unknown }[]) =>
  (x: Symbolic) =>
    parts.reduce((y, part) => through(part, y), x);

/** What is built, side by side in one network, each under its name: a network takes a second to open. */
async function litLayers(builds: Record<string, (x: Symbolic) => Symbolic>): Promise<Map<string, Lit>> {
  const names = Object.keys(builds);
  const inputs = tf.input({ shape: [EXTENT, EXTENT, 3] });
  const outputs = names.map((name) => through(layers.activation({ activation: 'linear', name }), builds[name](inputs)));
  let file = '';
  await tf.model({ inputs, outputs }).save(
    tf.io.withSaveHandler(async (artifacts) => {
      file = writeTfjsModel(path.join(folder, 'layers'), artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return light(await openTfjs(file), names);
}

async function litGraph(builds: Record<string, (net: GraphSketch) => string>): Promise<Map<string, Lit>> {
  const names = Object.keys(builds);
  const net = graphSketch([-1, EXTENT, EXTENT, 3]);
  for (const [i, name] of names.entries()) net.node('Identity', name, [builds[name](scoped(net, `scope${i}`))]);
  return light(await openTfjs(net.write(path.join(folder, 'graph'), names)), names);
}

/** The same network under construction, with a prefix to every name. */
function scoped(net: GraphSketch, scope: string): GraphSketch {
  return {
    ...net,
    node: (op, name, inputs, attr) => net.node(op, `${scope}/${name}`, inputs, attr),
    weights: (name, weights) => net.weights(`${scope}/${name}`, weights),
    integers: (name, values, shape) => net.integers(`${scope}/${name}`, values, shape),
  };
}

const heardAs = (cells: readonly LitCell[]) => cells.map(({ heard }) => heard);
const said = (cells: readonly LitCell[]) => cells.map(({ expected }) => expected);

function expectExact({ rows, columns }: Lit): void {
  expect(rows.length).toBeGreaterThan(2);
  expect(columns.length).toBeGreaterThan(2);
  expect(heardAs(rows)).toEqual(said(rows));
  expect(heardAs(columns)).toEqual(said(columns));
}

const residual = (x: Symbolic) => through(layers.add(), [through(conv(1, 2), x), chain(conv(3, 2), conv(3))(x)]);
const inception = (x: Symbolic) => through(layers.concatenate(), [through(conv(1), x), through(conv(3), x), through(conv(5), x)]);
const dense = (x: Symbolic) => {
  const first = through(layers.concatenate(), [x, through(conv(3), x)]);
  return through(layers.concatenate(), [first, through(conv(3), first)]);
};
const squeezeExcite = (x: Symbolic) => {
  const y = chain(conv(3, 2), conv(3))(x);
  const gate = chain(
    layers.globalAveragePooling2d({}),
    layers.dense({ units: 2, activation: 'sigmoid', ...positive }),
    layers.reshape({ targetShape: [1, 1, 2] }),
  )(y);
  return through(layers.multiply(), [y, gate]);
};
const nested = (x: Symbolic) => {
  const inner = tf.input({ shape: [EXTENT / 2, EXTENT / 2, 2] });
  const model = tf.model({ inputs: inner, outputs: chain(conv(3, 2), conv(3))(inner), name: 'inner' });
  return chain(model, conv(1))(through(conv(3, 2), x));
};

const EXACT_LAYERS = {
  'same-and-valid': chain(conv(7, 2), conv(3, 1, 'valid'), conv(4, 2)),
  dilated: chain(conv(3, 2), conv(3, 1, 'same', { dilationRate: 2 })),
  'depthwise-and-separable': chain(
    layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', ...depthwise }),
    layers.separableConv2d({ filters: 2, kernelSize: 5, padding: 'same', ...depthwise, pointwiseInitializer: 'ones' }),
  ),
  'strided-pools': chain(
    conv(3),
    layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
    layers.averagePooling2d({ poolSize: 2 }),
  ),
  'padding-and-cropping': chain(
    layers.zeroPadding2d({
      padding: [
        [3, 2],
        [1, 0],
      ],
    }),
    conv(5, 2, 'valid'),
    layers.cropping2D({
      cropping: [
        [1, 0],
        [2, 1],
      ],
    }),
  ),
  residual,
  inception,
  dense,
  nested,
};

const CENTRED_LAYERS = {
  'transposed-same': chain(conv(3, 2), layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same', ...positive })),
  'transposed-valid': chain(conv(3, 2), layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2, padding: 'valid', ...positive })),
  'upsampling-nearest': chain(conv(3, 2), layers.upSampling2d({ size: [2, 2] })),
  'upsampling-bilinear': chain(conv(3, 2), layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })),
};

describe('the receptive field of a layers model', () => {
  let lit: Map<string, Lit>;
  beforeAll(async () => {
    lit = await litLayers({ ...EXACT_LAYERS, ...CENTRED_LAYERS, squeezeExcite });
  });

  it.each(Object.keys(EXACT_LAYERS))('%s: every cell hears what the topology says', (name) => expectExact(lit.get(name) as Lit));

  it.each(Object.keys(CENTRED_LAYERS))('%s: centres are right in the mean, and each within a pixel', (name) =>
    expectCentred(lit.get(name) as Lit),
  );

  it('squeeze and excite: the branch of the map decides, not the gate, which hears everything', () => {
    const [{ expected }] = (lit.get('squeezeExcite') as Lit).rows;
    expect(expected.last - expected.first + 1).toBe(3 + 2 * 2);
  });
});

function expectCentred({ rows, columns }: Lit): void {
  for (const cells of [rows, columns]) {
    // Whole phases only
    const even = cells.slice(0, cells.length - (cells.length % 2));
    const errors = even.map(
      ({ expected, heard }) => ((heard?.first ?? Number.NaN) + (heard?.last ?? Number.NaN) - expected.first - expected.last) / 2,
    );
    expect(even.length).toBeGreaterThan(4);
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeCloseTo(0, 9);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(1);
  }
}

function kernel(net: GraphSketch, name: string, size: number, from: number, to: number): string {
  return net.weights(name, { shape: [size, size, from, to], values: new Float32Array(size * size * from * to).fill(1 / (size * size)) });
}

const reduced = (net: GraphSketch) =>
  net.node('Conv2D', 'grey', ['input', kernel(net, 'grey/kernel', 3, 3, 1)], windowAttributes(2, 'SAME'));

/**
 * A strided convolution as anti-aliased networks write it: padding by reflection, then a fixed blur, channel by
 * channel.
 */
const antiAliased = (net: GraphSketch) => {
  const x = net.node('MaxPool', 'pool', [reduced(net)], windowAttributes(1, 'VALID', { ksize: list(1, 2, 2, 1) }));
  const paddings = net.integers('paddings', [0, 0, 1, 2, 1, 2, 0, 0], [4, 2]);
  const padded = net.node('MirrorPad', 'padded', [x, paddings], { mode: text('REFLECT'), T: { type: 'DT_FLOAT' } });
  return net.node('DepthwiseConv2dNative', 'blur', [padded, kernel(net, 'blur/kernel', 4, 1, 1)], windowAttributes(2, 'VALID'));
};

/** A dilated convolution as TensorFlow 1 wrote it. */
const spaceToBatch = (net: GraphSketch) => {
  const x = reduced(net);
  const block = net.integers('block', [2, 2]);
  const spread = net.node('SpaceToBatchND', 'spread', [x, block, net.integers('paddings', [2, 2, 2, 2], [2, 2])], {
    T: { type: 'DT_FLOAT' },
  });
  const y = net.node('Conv2D', 'conv', [spread, kernel(net, 'conv/kernel', 3, 1, 1)], windowAttributes(1, 'VALID'));
  return net.node('BatchToSpaceND', 'gathered', [y, block, net.integers('crops', [0, 0, 0, 0], [2, 2])], { T: { type: 'DT_FLOAT' } });
};

const strided = (net: GraphSketch) => {
  const x = reduced(net);
  const [begin, end, strides] = [
    net.integers('begin', [0, 1, 3, 0]),
    net.integers('end', [0, 99, 99, 0]),
    net.integers('strides', [1, 2, 2, 1]),
  ];
  const masks = {
    begin_mask: { i: '9' },
    end_mask: { i: '9' },
    ellipsis_mask: { i: '0' },
    new_axis_mask: { i: '0' },
    shrink_axis_mask: { i: '0' },
  };
  return net.node('StridedSlice', 'slice', [x, begin, end, strides], masks);
};

const explicit = (net: GraphSketch) =>
  net.node('_FusedConv2D', 'conv', ['input', kernel(net, 'k', 3, 3, 1), net.weights('bias', { shape: [1], values: new Float32Array(1) })], {
    ...windowAttributes(2, 'VALID'),
    padding: text('EXPLICIT'),
    explicit_paddings: list(0, 0, 2, 1, 0, 1, 0, 0),
    fused_ops: { list: { s: [text('BiasAdd').s, text('Relu6').s] } },
    num_args: { i: '1' },
  });

const resized = (op: string, attributes: Record<string, boolean>) => (net: GraphSketch) =>
  net.node(
    op,
    'y',
    [reduced(net), net.integers('size', [EXTENT, EXTENT])],
    Object.fromEntries(Object.entries(attributes).map(([name, b]) => [name, { b }])),
  );

const EXACT_GRAPHS = {
  'anti-aliased': antiAliased,
  'dilated-by-batch': spaceToBatch,
  'strided-slice': strided,
  'explicit-fused': explicit,
};

const CENTRED_GRAPHS = {
  nearest: resized('ResizeNearestNeighbor', { align_corners: false, half_pixel_centers: false }),
  'nearest-half-pixel': resized('ResizeNearestNeighbor', { align_corners: false, half_pixel_centers: true }),
  bilinear: resized('ResizeBilinear', { align_corners: false, half_pixel_centers: false }),
  'bilinear-half-pixel': resized('ResizeBilinear', { align_corners: false, half_pixel_centers: true }),
};

describe('the receptive field of a graph model', () => {
  let lit: Map<string, Lit>;
  beforeAll(async () => {
    lit = await litGraph({ ...EXACT_GRAPHS, ...CENTRED_GRAPHS });
  });

  it.each(Object.keys(EXACT_GRAPHS))('%s: every cell hears what the graph says', (name) => expectExact(lit.get(name) as Lit));

  it.each(Object.keys(CENTRED_GRAPHS))('resized, %s: centres are right in the mean, and each within a pixel', (name) =>
    expectCentred(lit.get(name) as Lit),
  );
});
