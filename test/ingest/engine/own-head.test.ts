import { create } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, AttributeProtoSchema, TensorProto_DataType } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { integerAttribute, integersAttribute } from '../../../ingest/engine/graph/build.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { type Sketch, sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();

/** Two classes, three units: what every sketch here holds. */
const WEIGHTS = [1, 2, 3, 4, 5, 6];
const BY_UNIT = [1, 4, 2, 5, 3, 6];

/** Three units of 8 x 8, then what is drawn behind `layer`. */
function network(draw: (s: Sketch) => string, options: Parameters<typeof sketch>[0] = {}) {
  const s = sketch({ height: 8, width: 8, ...options });
  s.relu(s.conv('input', 'sums', { kernel: 3, pad: 1, from: 3, units: 3 }), 'layer');
  return openOnnx(write(s.model(draw(s))));
}

const pooled = (s: Sketch, x = 'layer') => s.node('Flatten', [s.node('GlobalAveragePool', [x], 'pooled')], 'flat');
const gemm = (s: Sketch, x: string) =>
  s.node('Gemm', [x, s.weights('w', [2, 3], WEIGHTS), s.weights('b', [2], [7, 8])], 'scores', [integerAttribute('transB', 1)]);

it.each<[string, (s: Sketch) => string, number[]]>([
  ['GlobalAveragePool, Flatten, Gemm', (s) => gemm(s, pooled(s)), [7, 8]],
  ['a softmax behind', (s) => s.node('Softmax', [gemm(s, pooled(s))], 'out'), [7, 8]],
  ['a sigmoid behind', (s) => s.node('Sigmoid', [gemm(s, pooled(s))], 'out'), [7, 8]],
  [
    'a temperature and a softmax behind',
    (s) => s.node('Softmax', [s.node('Div', [gemm(s, pooled(s)), s.weights('temperature', [], [0.07])], 'warm')], 'out'),
    [7, 8],
  ],
  [
    'dropout on both sides of the pooling',
    (s) => gemm(s, s.node('Dropout', [pooled(s, s.node('Dropout', ['layer'], 'd1'))], 'd2')),
    [7, 8],
  ],
  [
    'ReduceMean over rows and columns',
    (s) => gemm(s, s.node('ReduceMean', ['layer'], 'mean', [integersAttribute('axes', [-1, -2]), integerAttribute('keepdims', 0)])),
    [7, 8],
  ],
  [
    'AveragePool over the whole grid, Reshape',
    (s) => gemm(s, s.node('Reshape', [s.pool('AveragePool', 'layer', 'mean', { kernel: 8 }), s.integers('shape', [-1, 3])], 'flat')),
    [7, 8],
  ],
  [
    'MatMul and Add',
    (s) =>
      s.node('Add', [s.weights('b', [2], [7, 8]), s.node('MatMul', [pooled(s), s.weights('w', [3, 2], BY_UNIT)], 'products')], 'scores'),
    [7, 8],
  ],
  ['MatMul alone', (s) => s.node('MatMul', [pooled(s), s.weights('w', [3, 2], BY_UNIT)], 'scores'), [0, 0]],
  [
    'a 1x1 convolution of the pooled map',
    (s) =>
      s.node(
        'Flatten',
        [
          s.node(
            'Conv',
            [s.node('GlobalAveragePool', ['layer'], 'pooled'), s.weights('w', [2, 3, 1, 1], WEIGHTS), s.weights('b', [2], [7, 8])],
            'conv',
          ),
        ],
        'scores',
      ),
    [7, 8],
  ],
  [
    'quantised weights',
    (s) => {
      s.node('QuantizeLinear', [s.weights('w', [2, 3], WEIGHTS), s.weights('scale', [], [1])], 'q');
      s.node('DequantizeLinear', ['q', 'scale'], 'restored');
      return s.node('Gemm', [pooled(s), 'restored', s.weights('b', [2], [7, 8])], 'scores', [integerAttribute('transB', 1)]);
    },
    [7, 8],
  ],
])('finds a head written as %s', async (_how, draw, biases) => {
  const head = await (await network(draw)).ownHead();
  expect(head?.layer.tensor).toBe('layer');
  expect(head?.classes).toBe(2);
  expect([...(head?.weights ?? [])]).toEqual(WEIGHTS);
  expect([...(head?.biases ?? [])]).toEqual(biases);
});

it('gives the weights of a half-precision network as float32', async () => {
  const half = TensorProto_DataType.FLOAT16;
  const draw = (s: Sketch) =>
    s.node('Gemm', [pooled(s), s.weights('w', [2, 3], WEIGHTS, half), s.weights('b', [2], [7, 8], half)], 'scores', [
      integerAttribute('transB', 1),
    ]);
  const head = await (await network(draw, { elementType: half })).ownHead();
  expect([...(head?.weights ?? [])]).toEqual(WEIGHTS);
});

it.each<[string, (s: Sketch) => string]>([
  ['the maximum is pooled', (s) => gemm(s, s.node('Flatten', [s.node('GlobalMaxPool', ['layer'], 'pooled')], 'flat'))],
  ['there are two layers', (s) => s.node('Gemm', [s.relu(gemm(s, pooled(s)), 'hidden'), s.weights('w2', [2, 2], [1, 2, 3, 4])], 'out')],
  [
    'a part of the grid is pooled',
    (s) =>
      gemm(
        s,
        s.node('Flatten', [s.node('GlobalMaxPool', [s.pool('AveragePool', 'layer', 'mean', { kernel: 4, stride: 4 })], 'max')], 'flat'),
      ),
  ],
  ['an activation stands between', (s) => gemm(s, s.node('Sigmoid', [pooled(s)], 'gate'))],
])('finds none where %s', async (_why, draw) => {
  expect(await (await network(draw)).ownHead()).toBeNull();
});

it('takes the factors of Gemm into the weights', async () => {
  const factor = (name: string, f: number) => create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f });
  const draw = (s: Sketch) =>
    s.node('Gemm', [pooled(s), s.weights('w', [3, 2], BY_UNIT), s.weights('b', [2], [7, 8])], 'scores', [
      factor('alpha', 2),
      factor('beta', 0.5),
    ]);
  const head = await (await network(draw)).ownHead();
  expect([...(head?.weights ?? [])]).toEqual([2, 4, 6, 8, 10, 12]);
  expect([...(head?.biases ?? [])]).toEqual([3.5, 4]);
});

describe('of several outputs', () => {
  /** Scores of the layer, and of another classifier on a map before it. */
  const twoHeads = (s: Sketch) => {
    gemm(s, pooled(s));
    s.node('Flatten', [s.node('GlobalAveragePool', ['sums'], 'early')], 'early_flat');
    s.node('Gemm', ['early_flat', s.weights('aux_w', [2, 3], BY_UNIT)], 'aux', [integerAttribute('transB', 1)]);
  };
  const opened = (outputs: string[], options: Parameters<typeof openOnnx>[1] = {}) => {
    const s = sketch({ height: 8, width: 8 });
    s.relu(s.conv('input', 'sums', { kernel: 3, pad: 1, from: 3, units: 3 }), 'layer');
    twoHeads(s);
    return openOnnx(write(s.model(...outputs)), options);
  };

  it('the one that is named is the classifier, whichever comes last', async () => {
    for (const outputs of [
      ['scores', 'aux'],
      ['aux', 'scores'],
    ]) {
      expect((await (await opened(outputs, { output: 'scores' })).ownHead())?.layer.tensor).toBe('layer');
      expect((await (await opened(outputs, { output: 'aux' })).ownHead())?.layer.tensor).toBe('sums');
    }
  });

  it('two that could be meant are refused, both named', async () => {
    const network = await opened(['scores', 'aux'], { classes: 2 });
    const error = { code: 'BAD_INPUT', message: expect.stringMatching(/scores \(2 values\), aux \(2 values\).*"output": "scores"/) };
    await expect(network.ownHead()).rejects.toMatchObject(error);
    await expect(network.rerun(network.layer('layer'), { mean: [0], std: [1] })).rejects.toMatchObject(error);
  });

  it('features that the scores are computed from are no scores', async () => {
    expect((await (await opened(['scores', 'flat'])).ownHead())?.layer.tensor).toBe('layer');
  });

  it('the one whose values are as many as the classes is', async () => {
    const s = sketch({ height: 8, width: 8 });
    s.relu(s.conv('input', 'sums', { kernel: 3, pad: 1, from: 3, units: 3 }), 'layer');
    gemm(s, pooled(s));
    s.node('Gemm', ['flat', s.weights('w4', [4, 3], [...WEIGHTS, ...WEIGHTS])], 'attributes', [integerAttribute('transB', 1)]);
    const file = write(s.model('scores', 'attributes'));
    expect((await (await openOnnx(file, { classes: 2 })).ownHead())?.classes).toBe(2);
    expect((await (await openOnnx(file, { classes: 4 })).ownHead())?.classes).toBe(4);
  });

  it('a name that no output has is an error that names those that are there', async () => {
    await expect((await opened(['scores', 'aux'], { output: 'logits' })).ownHead()).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('Its outputs: scores, aux'),
    });
  });
});
