import { describe, expect, it } from 'vitest';
import { integerAttribute, integersAttribute, textAttribute } from '../../../ingest/engine/graph/build.ts';
import { composedField } from './measure-field.ts';
import { type Sketch, sketch } from './sketch.ts';

/** A square field's numbers: offset, stride, size. */
async function field(net: Sketch, tensor: string) {
  const found = await composedField(net.model(tensor), tensor);
  if (typeof found !== 'object') return found;
  expect(found.x).toEqual(found.y);
  return found.y;
}

describe('receptive fields worked out by hand', () => {
  it('AlexNet as torchvision has it', async () => {
    const net = sketch({ height: 224, width: 224 });
    net.conv('input', 'conv1', { kernel: 11, stride: 4, pad: 2 });
    net.pool('MaxPool', net.relu('conv1', 'relu1'), 'pool1', { kernel: 3, stride: 2 });
    net.conv('pool1', 'conv2', { kernel: 5, pad: 2 });
    net.pool('MaxPool', net.relu('conv2', 'relu2'), 'pool2', { kernel: 3, stride: 2 });
    net.relu(net.conv('pool2', 'conv3', { kernel: 3, pad: 1 }), 'relu3');
    net.relu(net.conv('relu3', 'conv4', { kernel: 3, pad: 1 }), 'relu4');
    net.relu(net.conv('relu4', 'conv5', { kernel: 3, pad: 1 }), 'relu5');
    // 10/2 - 2 = 3; 3 + 1*4 = 7, 11 + 2*4 = 19; 19 + 4*8 = 51; 7 + 1*8 = 15, 51 + 2*8 = 67; then + 2*16 each
    expect(await field(net, 'relu1')).toEqual({ offset: 3, stride: 4, size: 11 });
    expect(await field(net, 'pool1')).toEqual({ offset: 7, stride: 8, size: 19 });
    expect(await field(net, 'relu2')).toEqual({ offset: 7, stride: 8, size: 51 });
    expect(await field(net, 'relu3')).toEqual({ offset: 15, stride: 16, size: 99 });
    expect(await field(net, 'relu5')).toEqual({ offset: 15, stride: 16, size: 163 });
  });

  it('VGG-16', async () => {
    const net = sketch({ height: 64, width: 64 });
    let x = 'input';
    for (const [block, convolutions] of [2, 2, 3, 3, 3].entries()) {
      for (let i = 1; i <= convolutions; i++)
        x = net.relu(net.conv(x, `c${block + 1}_${i}`, { kernel: 3, pad: 1 }), `conv${block + 1}_${i}`);
      x = net.pool('MaxPool', x, `pool${block + 1}`, { kernel: 2, stride: 2 });
    }
    // Each pool moves the centre by half a cell: 0.5 + 1 + 2 + 4 = 7.5
    expect(await field(net, 'conv5_3')).toEqual({ offset: 7.5, stride: 16, size: 196 });
    expect(await field(net, 'pool5')).toEqual({ offset: 15.5, stride: 32, size: 212 });
  });

  it('ResNet-18, shortcuts by 1x1 convolution', async () => {
    const net = sketch({ height: 64, width: 64 });
    net.conv('input', 'conv1', { kernel: 7, stride: 2, pad: 3 });
    let x = net.pool('MaxPool', net.relu('conv1', 'relu'), 'maxpool', { kernel: 3, stride: 2, pad: 1 });
    for (const [i, stride] of [1, 1, 2, 1, 2, 1, 2, 1].entries()) {
      const inner = net.relu(net.conv(x, `b${i}.conv1`, { kernel: 3, stride, pad: 1 }), `b${i}.relu`);
      const sums = net.conv(inner, `b${i}.conv2`, { kernel: 3, pad: 1 });
      const shortcut = stride === 1 ? x : net.conv(x, `b${i}.downsample`, { kernel: 1, stride });
      x = net.relu(net.node('Add', [sums, shortcut], `b${i}.add`), `b${i}`);
    }
    expect(await field(net, 'b1')).toEqual({ offset: 0, stride: 4, size: 43 });
    expect(await field(net, 'b7')).toEqual({ offset: 0, stride: 32, size: 435 });
    expect(await field(net, 'b6.downsample')).toEqual({ offset: 0, stride: 32, size: 211 });
  });

  it('GoogLeNet as torchvision has it, pools rounding up', async () => {
    const net = sketch({ height: 224, width: 224 });
    const ceil = [integerAttribute('ceil_mode', 1)];
    const inception = (x: string, y: string) => {
      const a = net.conv(x, `${y}.a`, { kernel: 1 });
      const b = net.conv(net.conv(x, `${y}.b1`, { kernel: 1 }), `${y}.b2`, { kernel: 3, pad: 1 });
      const d = net.conv(net.pool('MaxPool', x, `${y}.d1`, { kernel: 3, pad: 1, attributes: ceil }), `${y}.d2`, { kernel: 1 });
      const sum = net.node('Concat', [a, b, d], `${y}.concat`, [integerAttribute('axis', 1)]);
      return net.conv(sum, y, { kernel: 1, from: 3 });
    };
    let x = net.conv('input', 'conv1', { kernel: 7, stride: 2, pad: 3 });
    x = net.pool('MaxPool', x, 'pool1', { kernel: 3, stride: 2, attributes: ceil });
    x = net.conv(x, 'conv3', { kernel: 3, pad: 1 });
    x = net.pool('MaxPool', x, 'pool2', { kernel: 3, stride: 2, attributes: ceil });
    x = inception(inception(x, '3a'), '3b');
    x = net.pool('MaxPool', x, 'pool3', { kernel: 3, stride: 2, attributes: ceil });
    for (const block of ['4a', '4b', '4c', '4d', '4e']) x = inception(x, block);
    x = net.pool('MaxPool', x, 'pool4', { kernel: 2, stride: 2, attributes: ceil });
    inception(inception(x, '5a'), '5b');
    // Unpadded pools move the centre by 2, 4, 8 and 8 pixels
    expect(await field(net, '3b')).toEqual({ offset: 6, stride: 8, size: 59 });
    expect(await field(net, '4e')).toEqual({ offset: 14, stride: 16, size: 235 });
    expect(await field(net, '5b')).toEqual({ offset: 22, stride: 32, size: 379 });
  });

  it('DenseNet-121', async () => {
    const net = sketch({ height: 64, width: 64 });
    let x = net.conv('input', 'conv0', { kernel: 7, stride: 2, pad: 3 });
    x = net.pool('MaxPool', x, 'pool0', { kernel: 3, stride: 2, pad: 1 });
    for (const [block, layers] of [6, 12, 24, 16].entries()) {
      for (let i = 0; i < layers; i++) {
        const from = i + 1;
        const inner = net.conv(x, `d${block}.${i}.1`, { kernel: 1, from });
        x = net.node('Concat', [x, net.conv(inner, `d${block}.${i}.2`, { kernel: 3, pad: 1 })], `d${block}.${i}`, [
          integerAttribute('axis', 1),
        ]);
      }
      if (block < 3) {
        x = net.conv(x, `t${block}.conv`, { kernel: 1, from: layers + 1 });
        x = net.pool('AveragePool', x, `t${block}`, { kernel: 2, stride: 2 });
      }
    }
    // 11 + 6*8 = 59, + 4; + 12*16 = 255, + 8; + 24*32 = 1031, + 16; + 16*64 = 2071. Centres: 2 + 4 + 8 = 14
    expect(await field(net, 'd0.5')).toEqual({ offset: 0, stride: 4, size: 59 });
    expect(await field(net, 'd3.15')).toEqual({ offset: 14, stride: 32, size: 2071 });
  });

  it('dilated and strided convolutions, rows and columns apart', async () => {
    const net = sketch();
    net.conv('input', 'y', { kernel: [3, 5], stride: [2, 1], dilation: [3, 2], pad: [1, 4] });
    expect(await composedField(net.model('y'), 'y')).toMatchObject({
      y: { offset: 2, stride: 2, size: 7 },
      x: { offset: 0, stride: 1, size: 9 },
    });
  });

  it.each([
    // 32 wide, kernel 4, stride 2: 16 cells need 2 pixels of padding; kernel 3 needs 1, on the one side or the other
    ['SAME_UPPER', 4, 0.5],
    ['SAME_LOWER', 4, 0.5],
    ['SAME_UPPER', 3, 1],
    ['SAME_LOWER', 3, 0],
    ['VALID', 3, 1],
  ])('%s with kernel %i', async (pad, kernel, offset) => {
    const net = sketch();
    net.conv('input', 'y', { kernel, stride: 2, attributes: [textAttribute('auto_pad', pad)] });
    expect(await field(net, 'y')).toEqual({ offset, stride: 2, size: kernel });
  });

  it('padding as an operator of its own, and cutting off', async () => {
    const net = sketch();
    net.node('Pad', ['input', net.integers('pads', [0, 0, 2, 1, 0, 0, 0, 3])], 'padded');
    net.conv('padded', 'conv', { kernel: 3, from: 3 });
    net.node('Slice', ['conv', net.integers('starts', [3, -5]), net.integers('ends', [20, 99]), net.integers('axes', [2, 3])], 'y');
    // Rows: -2, + 1, + 3 = 2. Columns: the convolution is 32 + 4 - 2 = 34 wide, from -1 + 1 = 0; -5 is column 29
    expect(await composedField(net.model('y'), 'y')).toMatchObject({
      y: { offset: 2, stride: 1, size: 3 },
      x: { offset: 29, stride: 1, size: 3 },
    });
  });

  it('squeeze-excite: the gate of one cell does not decide', async () => {
    const net = sketch();
    net.relu(net.conv('input', 'conv', { kernel: 3, stride: 2, pad: 1, units: 4 }), 'x');
    net.node('GlobalAveragePool', ['x'], 'squeezed');
    net.node('Sigmoid', [net.conv('squeezed', 'excite', { kernel: 1, from: 4, units: 4 })], 'gate');
    net.node('Mul', ['x', 'gate'], 'y');
    expect(await field(net, 'y')).toEqual({ offset: 0, stride: 2, size: 3 });
    expect(await field(net, 'gate')).toBe('unknown');
  });

  it('squeeze-excite by an average pool as large as the map', async () => {
    const net = sketch();
    net.conv('input', 'x', { kernel: 3, stride: 2, pad: 1 });
    net.pool('AveragePool', 'x', 'squeezed', { kernel: 16 });
    net.node('Mul', [net.node('Sigmoid', ['squeezed'], 'gate'), 'x'], 'y');
    expect(await field(net, 'y')).toEqual({ offset: 0, stride: 2, size: 3 });
    expect(await field(net, 'gate')).toEqual({ offset: 15, stride: 2, size: 33 });
  });

  it('behind a flattened map the graph says nothing', async () => {
    const net = sketch({ height: 8, width: 8 });
    net.node('Flatten', [net.conv('input', 'conv', { kernel: 3, pad: 1 })], 'flat');
    net.node('MatMul', ['flat', net.weights('w', [64, 16], new Array(64 * 16).fill(0.1))], 'product');
    net.node('Reshape', ['product', net.integers('shape', [-1, 1, 4, 4])], 'y');
    expect(await field(net, 'y')).toBe('unknown');
  });

  it('group normalisation and channel shuffle keep the map through their reshapes', async () => {
    const net = sketch();
    net.conv('input', 'conv', { kernel: 3, stride: 2, pad: 1, units: 4 });
    net.node('Reshape', ['conv', net.integers('groups', [0, 2, -1])], 'grouped');
    net.node('InstanceNormalization', ['grouped', net.weights('one', [2], [1, 1]), net.weights('zero', [2], [0, 0])], 'normal');
    net.node('Reshape', ['normal', net.integers('back', [-1, 4, 16, 16])], 'gn');
    net.node('Reshape', ['gn', net.integers('split', [-1, 2, 2, 16, 16])], 'split5');
    net.node('Transpose', ['split5'], 'shuffled5', [integersAttribute('perm', [0, 2, 1, 3, 4])]);
    net.node('Reshape', ['shuffled5', 'back'], 'y');
    expect(await field(net, 'y')).toEqual({ offset: 0, stride: 2, size: 3 });
  });

  it('channels last in between: a product with weights is a 1x1 convolution', async () => {
    const net = sketch();
    net.conv('input', 'conv', { kernel: 3, stride: 2, pad: 1, units: 2 });
    net.node('Transpose', ['conv'], 'last', [integersAttribute('perm', [0, 2, 3, 1])]);
    net.node('MatMul', ['last', net.weights('w', [2, 3], [1, 2, 3, 4, 5, 6])], 'product');
    net.node('Add', ['product', net.weights('b', [3], [1, 2, 3])], 'biased');
    net.node('Transpose', ['biased'], 'y', [integersAttribute('perm', [0, 3, 1, 2])]);
    expect(await field(net, 'y')).toEqual({ offset: 0, stride: 2, size: 3 });
    const biased = await composedField(net.model('biased'), 'biased');
    expect(biased).toMatchObject({ axes: [-3, -2] });
  });

  it('means over channels keep the map, over rows they do not', async () => {
    const net = sketch();
    net.conv('input', 'conv', { kernel: 3, pad: 1, units: 2 });
    net.node('ReduceMean', ['conv'], 'channels', [integersAttribute('axes', [1])]);
    net.node('ReduceMean', ['conv'], 'rows', [integersAttribute('axes', [2])]);
    expect(await field(net, 'channels')).toEqual({ offset: 0, stride: 1, size: 3 });
    expect(await field(net, 'rows')).toBe('unknown');
  });
});
