import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { integerAttribute, integersAttribute } from '../../../ingest/engine/graph/build.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { deviation, noise } from './pixels.ts';
import { type Sketch, sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();
const SIZE = 32;
const UNITS = 6;
const perm = (...axes: number[]) => [integersAttribute('perm', axes)];
const axis = (of: number) => [integerAttribute('axis', of)];

/** Patches of 4 by 4 pixels, channels last: 8 x 8 cells of 6 units. */
function patches(net: Sketch): string {
  net.conv('input', 'patches', { kernel: 4, stride: 4, units: UNITS, name: '/patches/Conv' });
  return net.node('Transpose', ['patches'], 'last', perm(0, 2, 3, 1));
}

/** Softmax of a product of all cells with all cells of `rows` (batch, cells, units), times the cells. */
function attend(net: Sketch, rows: string, y: string): string {
  const keys = net.node('Transpose', [rows], `${y}/keys`, perm(0, 2, 1));
  const weights = net.node('Softmax', [net.node('MatMul', [rows, keys], `${y}/scores`)], `${y}/weights`, axis(-1));
  return net.node('MatMul', [weights, rows], y);
}

/** The map is cut into windows of 4 x 4 cells, each of which attends to itself, and put together again. */
function windows(net: Sketch, x: string, y: string): string {
  const split = net.node('Reshape', [x, net.integers(`${y}/six`, [-1, 2, 4, 2, 4, UNITS])], `${y}/split`);
  const apart = net.node('Transpose', [split], `${y}/apart`, perm(0, 1, 3, 2, 4, 5));
  const rows = net.node('Reshape', [apart, net.integers(`${y}/three`, [-1, 16, UNITS])], `${y}/rows`);
  const back = net.node(
    'Reshape',
    [attend(net, rows, `${y}/attended`), net.integers(`${y}/sixAgain`, [-1, 2, 2, 4, 4, UNITS])],
    `${y}/back`,
  );
  const together = net.node('Transpose', [back], `${y}/together`, perm(0, 1, 3, 2, 4, 5));
  return net.node('Reshape', [together, net.integers(`${y}/four`, [-1, 8, 8, UNITS])], y);
}

/** Rows rolled up by so many. */
function roll(net: Sketch, x: string, y: string, by: number): string {
  const part = (name: string, from: number, to: number) =>
    net.node('Slice', [x, net.integers(`${name}/from`, [from]), net.integers(`${name}/to`, [to]), net.integers(`${name}/axes`, [1])], name);
  return net.node('Concat', [part(`${y}/below`, by, 99), part(`${y}/above`, 0, by)], y, axis(1));
}

const open = (net: Sketch, ...outputs: string[]) => openOnnx(write(net.model(...outputs)));
const MAP = { kind: 'map', units: UNITS, grid: { height: 8, width: 8 } };

/** The layer, and its values from the layer that says the same with channels first. */
async function values(network: Awaited<ReturnType<typeof open>>, names: string[]) {
  const runner = await network.start(
    names.map((name) => network.layer(name)),
    { normalisation: { mean: [0, 0, 0], std: [1, 1, 1] }, threads: 1 },
  );
  const outputs = await runner.run(noise(2 * SIZE * SIZE * 3), 2);
  await runner.close();
  return outputs;
}

describe('the layout of maps whose channels come last', () => {
  it('is followed through windows and attention; what a cell hears is then not claimed', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    const attended = windows(net, patches(net), 'attended');
    const network = await open(
      net,
      net.node('Transpose', [attended], 'first', perm(0, 3, 1, 2)),
      net.node('Add', ['last', attended], 'sum'),
    );
    for (const name of ['attended', 'sum']) expect(network.layer(name)).toMatchObject({ ...MAP, receptiveField: null });
    const [last, first] = await values(network, ['attended', 'first']);
    expect(last).toEqual(first);
  });

  it('within windows it is no map of the image, and not offered', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    const network = await open(net, windows(net, patches(net), 'attended'));
    for (const name of ['attended/rows', 'attended/attended/weights', 'attended/apart'])
      expect(() => network.layer(name)).toThrow(expect.objectContaining({ code: 'NOT_SPATIAL' }));
  });

  it('a rolled map is none until it is rolled back', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    const rolled = roll(net, patches(net), 'rolled', 3);
    const network = await open(net, roll(net, rolled, 'back', 5), windows(net, rolled, 'attended'));
    expect(network.layer('back')).toMatchObject({ ...MAP, receptiveField: { height: 4, width: 4 } });
    for (const name of ['rolled', 'attended']) expect(() => network.layer(name)).toThrow(expect.objectContaining({ code: 'NOT_SPATIAL' }));
    const [last, back] = await values(network, ['last', 'back']);
    expect(back).toEqual(last);
  });

  it('is that of what it is added to', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    const cells = net.node('Reshape', [patches(net), net.integers('cells', [-1, 64, UNITS])], 'cells_last');
    const firsts = net.node('Transpose', [cells], 'cells_first', perm(0, 2, 1));
    const weights = net.weights(
      'mix',
      [64, 64],
      Array.from({ length: 4096 }, (_, i) => Math.sin(i)),
    );
    const mixed = net.node('Transpose', [net.node('MatMul', [firsts, weights], 'mixed')], 'mixed_last', perm(0, 2, 1));
    const network = await open(net, net.node('Add', [cells, mixed], 'sum'));
    expect(network.layer('sum')).toMatchObject({ kind: 'tokens', units: UNITS, grid: { height: 8, width: 8 }, receptiveField: null });
    expect(() => network.layer('mixed_last')).toThrow(expect.objectContaining({ code: 'NOT_SPATIAL' }));
  });

  it('cells gathered into channels lie as a pooling of them does', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    net.node('Reshape', [patches(net), net.integers('pairs', [-1, 4, 2, 4, 2, UNITS])], 'split');
    net.node('Transpose', ['split'], 'apart', perm(0, 1, 3, 2, 4, 5));
    net.node('Reshape', ['apart', net.integers('gathered', [-1, 4, 4, 4 * UNITS])], 'gather');
    net.node('Transpose', ['gather'], 'planes', perm(0, 3, 1, 2));
    const network = await open(net, net.conv('planes', 'merged', { kernel: 1, from: 4 * UNITS, units: 2 }));
    expect(network.layer('merged')).toMatchObject({
      units: 2,
      grid: { height: 4, strideY: 8, offsetY: 3.5 },
      receptiveField: { height: 8 },
    });
  });
});

describe('the tokens of a sequence', () => {
  it('are those of the grid that they were made of, behind the tokens put in front', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    const cells = net.node('Reshape', [patches(net), net.integers('cells', [-1, 64, UNITS])], 'sequence');
    const token = net.node('Gather', [cells, net.integers('three', [3, 4])], 'chosen', axis(1));
    const all = net.node('Concat', [token, cells], 'all', axis(1));
    const network = await open(net, net.node('Add', [all, attend(net, all, 'attended')], 'block'));
    expect(network.layer('block')).toMatchObject({ kind: 'tokens', units: UNITS, grid: { height: 8, width: 8 }, receptiveField: null });
    const [block, last] = await values(network, ['all', 'last']);
    expect(block).toEqual(last);
    // Queries with keys are no tokens of units
    expect(() => network.layer('attended/weights')).toThrow(expect.objectContaining({ code: 'NOT_SPATIAL' }));
  });
});

describe('what goes into a join', () => {
  it('one branch that hears no one knows what makes the join unknown', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    net.conv('input', 'x', { kernel: 3, stride: 4, pad: 1, units: UNITS });
    const rows = net.node('Transpose', [net.node('Reshape', ['x', net.integers('cells', [-1, UNITS, 64])], 'flat')], 'rows', perm(0, 2, 1));
    const back = net.node('Transpose', [attend(net, rows, 'attended')], 'columns', perm(0, 2, 1));
    const map = net.node('Reshape', [back, net.integers('map', [-1, UNITS, 8, 8])], 'branch');
    const network = await open(net, net.node('Add', ['x', map], 'sum'));
    expect(network.layer('sum')).toMatchObject({ ...MAP, receptiveField: null });
    expect(network.layer('x').receptiveField).toEqual({ height: 3, width: 3 });
  });

  it('half of the channels past a convolution, cut where the graph computes it', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    net.conv('input', 'x', { kernel: 3, stride: 2, pad: 1, units: 4 });
    // What torch.chunk becomes: half of the channels, rounded up
    net.node('Gather', [net.node('Shape', ['x'], 'shape'), net.integers('one', [1])], 'channels');
    net.node('Div', ['channels', net.integers('two', [2])], 'half');
    const part = (y: string, from: string, to: string) => net.node('Slice', ['x', from, to, 'one'], y);
    net.integers('zero', [0]);
    const branch = net.conv(part('second', 'half', 'channels'), 'wide', { kernel: 5, pad: 2, from: 2, units: 2 });
    const network = await open(net, net.node('Concat', [part('first', 'zero', 'half'), branch], 'y', axis(1)));
    expect(network.layer('y')).toMatchObject({ units: 4, receptiveField: { height: 11, width: 11 }, grid: { strideY: 2, offsetY: 0 } });
  });
});

describe('rewrites of the runtime', () => {
  it('zeros padded in front of a maximum stay zeros', async () => {
    const net = sketch({ height: 8, width: 8 });
    const minus = net.weights('minus', [3, 3, 1, 1], [-1, 0, 0, 0, -1, 0, 0, 0, -1]);
    net.node('Conv', ['input', minus], 'x', [integersAttribute('kernel_shape', [1, 1])]);
    net.node('Pad', ['x', net.integers('pads', [0, 0, 1, 1, 0, 0, 1, 1])], 'padded');
    const network = await open(net, net.pool('MaxPool', 'padded', 'y', { kernel: 3, stride: 2 }));
    const runner = await network.start([network.layer('y')], { normalisation: { mean: [0, 0, 0], std: [1, 1, 1] } });
    const [y] = await runner.run(new Uint8Array(8 * 8 * 3).fill(255), 1);
    await runner.close();
    // -1 everywhere: the first row and column see the padding
    expect([...y.subarray(0, 16)]).toEqual([0, 0, 0, 0, 0, -1, -1, -1, 0, -1, -1, -1, 0, -1, -1, -1]);
    expect(network.layer('y')).toMatchObject({ receptiveField: { height: 3 }, grid: { strideY: 2, offsetY: 0 } });
  });

  it('a model that the runtime saved with its channels in blocks gives what it gave before', async () => {
    const net = sketch({ height: SIZE, width: SIZE });
    net.relu(net.conv('input', 'a', { kernel: 3, pad: 1, units: 32 }), 'ra');
    net.relu(net.conv(net.pool('MaxPool', 'ra', 'p', { kernel: 2, stride: 2 }), 'b', { kernel: 3, pad: 1, from: 32, units: 32 }), 'rb');
    const plain = write(net.model(net.conv('rb', 'y', { kernel: 1, from: 32, units: 16 })));
    const saved = path.join(path.dirname(plain), 'saved.onnx');
    const session = await InferenceSession.create(plain, {
      graphOptimizationLevel: 'all',
      optimizedModelFilePath: saved,
      logSeverityLevel: 4,
    });
    await session.release();
    const [before, after] = [await openOnnx(plain), await openOnnx(saved)];
    const blocked = after.layers.filter(({ operator, units }) => operator === 'Conv' && units === 32).map(({ name }) => name);
    expect(blocked).toHaveLength(2);
    const expected = await values(before, ['ra', 'rb', 'y']);
    const found = await values(after, [...blocked, 'y']);
    for (const [i, one] of found.entries()) expect(deviation(one, expected[i])).toBeLessThan(1e-5);
    writeFileSync(saved, ''); // the folder is removed at the end
  });
});
