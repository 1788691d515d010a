import { TensorProto_DataType } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { integerAttribute, integersAttribute, valueInfo } from '../../../ingest/engine/graph/build.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { type Sketch, sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();
const open = (net: Sketch, ...outputs: string[]) => openOnnx(write(net.model(...outputs)));

/** Two blocks, as torch.onnx.export names them when it traces a ResNet. */
function tracedResNet(): Sketch {
  const net = sketch();
  const at = (path: string) => ({ name: path, y: `${path}_output_0` });
  const conv = (x: string, path: string, from?: number) => net.conv(x, at(path).y, { kernel: 3, pad: 1, name: path, from });
  const relu = (x: string, path: string) => net.relu(x, at(path).y, path);
  let x = relu(conv('input', '/conv1/Conv'), '/relu/Relu');
  for (const block of ['/layer4/layer4.0', '/layer4/layer4.1']) {
    const inner = relu(conv(x, `${block}/conv1/Conv`), `${block}/relu/Relu`);
    const sums = conv(inner, `${block}/conv2/Conv`);
    const shortcut = block.endsWith('0') ? conv(x, `${block}/downsample/downsample.0/Conv`) : x;
    x = relu(net.node('Add', [sums, shortcut], `${block}/Add_output_0`, [], `${block}/Add`), `${block}/relu_1/Relu`);
  }
  net.node('GlobalAveragePool', [x], 'pooled', [], '/avgpool/GlobalAveragePool');
  net.node('Flatten', ['pooled'], 'flat', [], '/Flatten');
  net.node('Gemm', ['flat', net.weights('fc.weight', [1, 10], new Array(10).fill(1))], 'logits', [], '/fc/Gemm');
  return net;
}

describe('the names of a traced PyTorch network', () => {
  it.each([
    ['/layer4/layer4.1/relu_1/Relu_output_0', 'a tensor'],
    ['/layer4/layer4.1/relu_1/Relu', 'a node'],
    ['layer4.1.relu_1', 'a module'],
    ['layer4.1', 'the module around it, whose last map it is'],
    ['layer4', 'the module around that'],
  ])('%s: %s', async (name) => {
    const network = await open(tracedResNet(), 'logits');
    expect(network.layer(name)).toMatchObject({
      name,
      tensor: '/layer4/layer4.1/relu_1/Relu_output_0',
      node: '/layer4/layer4.1/relu_1/Relu',
      module: 'layer4.1.relu_1',
      operator: 'Relu',
      aliases: expect.arrayContaining(['layer4', 'layer4.1', 'layer4.1.relu_1'].filter((alias) => alias !== name)),
    });
  });

  it('a convolution’s module means its own activation; its node and tensor mean its sums', async () => {
    const network = await open(tracedResNet(), 'logits');
    expect(network.layer('layer4.0.conv1').module).toBe('layer4.0.relu');
    expect(network.layer('conv1').module).toBe('relu');
    expect(network.layer('/conv1/Conv')).toMatchObject({ name: '/conv1/Conv', module: null, operator: 'Conv' });
    expect(network.layer('/conv1/Conv_output_0').node).toBe('/conv1/Conv');
    expect(network.layer('layer4.0.conv2').operator).toBe('Conv');
    expect(network.layer('layer4.0.downsample').operator).toBe('Conv');
  });

  it('lists activations of convolutions and joins, in the graph’s order', async () => {
    const network = await open(tracedResNet(), 'logits');
    const listed = network.layers.filter((layer) => layer.listed).map((layer) => layer.name);
    expect(listed).toEqual(['relu', 'layer4.0.relu', 'layer4.0.relu_1', 'layer4.1.relu', 'layer4.1.relu_1']);
  });

  it('every name is its own layer’s', async () => {
    const network = await open(tracedResNet(), 'logits');
    expect(new Set(network.layers.map(({ name }) => name)).size).toBe(network.layers.length);
    for (const layer of network.layers) {
      const names = [layer.name, layer.tensor, layer.node, layer.module, ...layer.aliases].filter((name) => name !== null);
      for (const name of names) expect(network.layer(name).tensor).toBe(layer.tensor);
    }
  });
});

describe('the names that other exporters give', () => {
  it('torch.export: scopes in the metadata', async () => {
    const net = sketch();
    net.relu(net.conv('input', 'conv2d', { kernel: 3, name: 'node_conv2d' }), 'relu', 'node_relu');
    net.relu(net.conv('relu', 'conv2d_1', { kernel: 3, name: 'node_conv2d_1' }), 'relu_1', 'node_relu_1');
    const model = net.model('relu_1');
    const scopes = ["['', 'layer4', 'layer4.1', 'layer4.1.conv1', 'conv2d']", "['', 'layer4', 'layer4.1', 'layer4.1.relu', 'relu']"];
    scopes.push("['', 'layer4', 'layer4.1', 'layer4.1.conv2', 'conv2d_1']", "['', 'layer4', 'layer4.1', 'layer4.1.relu', 'relu_1']");
    for (const [i, node] of (model.graph?.node ?? []).entries()) {
      node.metadataProps = [{ $typeName: 'onnx.StringStringEntryProto', key: 'pkg.torch.onnx.name_scopes', value: scopes[i] }];
    }
    const network = await openOnnx(write(model));
    expect(network.layer('layer4').tensor).toBe('relu_1');
    expect(network.layer('layer4.1.conv1').tensor).toBe('relu');
    expect(network.layer('layer4.1.conv2').tensor).toBe('relu_1');
    // The same module called twice, numbered as tracing does it
    expect(network.layer('layer4.1.relu')).toMatchObject({ tensor: 'relu', module: 'layer4.1.relu' });
    expect(network.layer('layer4.1.relu_1')).toMatchObject({ tensor: 'relu_1', module: 'layer4.1.relu_1' });
    expect(network.layer('node_conv2d').operator).toBe('Conv');
  });

  it('torch.export: a convolution that its normalisation was folded into answers to both names', async () => {
    const net = sketch();
    net.relu(net.conv('input', 'first', { kernel: 3, pad: 1, units: 2 }), 'relu');
    net.relu(net.conv('relu', 'second', { kernel: 3, pad: 1, from: 2, units: 4 }), 'relu_1');
    const model = net.model('relu_1');
    const weights: Record<string, string> = { 'first.weight': 'conv1.0.weight', 'second.weight': 'conv1.3.weight' };
    for (const tensor of model.graph?.initializer ?? []) tensor.name = weights[tensor.name] ?? tensor.name;
    const scopes = [
      "['', 'conv1', 'conv1.1', 'norm']",
      "['', 'conv1', 'conv1.2', 'relu']",
      "['', 'bn1', 'norm_1']",
      "['', 'relu', 'relu_1']",
    ];
    for (const [i, node] of (model.graph?.node ?? []).entries()) {
      node.input = node.input.map((name) => weights[name] ?? name);
      node.metadataProps = [{ $typeName: 'onnx.StringStringEntryProto', key: 'pkg.torch.onnx.name_scopes', value: scopes[i] }];
    }
    const network = await openOnnx(write(model));
    const named = (name: string) => network.layer(name).tensor;
    expect(['conv1.0', 'conv1.1', 'conv1.2'].map(named)).toEqual(['relu', 'relu', 'relu']);
    // `conv1` ends in a convolution whose normalisation and activation stand outside it, not with the activation in its
    // middle
    expect(['conv1', 'conv1.3', 'bn1', 'relu'].map(named)).toEqual(['relu_1', 'relu_1', 'relu_1', 'relu']);
  });

  it('a module means what is read outside of it, though others of its tensors come later', async () => {
    const net = sketch();
    net.relu(net.conv('input', 'sums', { kernel: 3, pad: 1, name: '/stem/conv/Conv' }), 'given', '/stem/act/Relu');
    net.node('Sigmoid', ['given'], 'unread', [], '/stem/probe/Sigmoid');
    net.node('Mul', ['unread', 'given'], 'inner', [], '/stem/Mul');
    net.conv('given', 'next', { kernel: 1, name: '/next/Conv' });
    net.node('Shape', ['inner'], 'shape', [], '/stem/Shape');
    const network = await open(net, 'next');
    expect(network.layer('stem').tensor).toBe('given');
  });

  it('tf2onnx: a module of which only the picture laid out anew is left has no layer', async () => {
    const net = sketch({ shape: ['batch', 32, 32, 3] });
    net.node('Transpose', ['input'], 'planes:0', [integersAttribute('perm', [0, 3, 1, 2])], 'model/conv1_conv/Conv2D__6');
    net.relu(net.conv('planes:0', 'sums:0', { kernel: 3, from: 3, name: 'model/conv1_bn/Fused' }), 'relu:0', 'model/conv1_relu/Relu');
    const network = await open(net, 'relu:0');
    expect(() => network.layer('conv1_conv')).toThrow(expect.objectContaining({ code: 'LAYER_NOT_FOUND' }));
    expect(network.layer('conv1_bn').tensor).toBe('relu:0');
  });

  it('tf2onnx: what all nodes share is taken off', async () => {
    const net = sketch({ shape: ['batch', 32, 32, 3] });
    const root = 'StatefulPartitionedCall/model';
    net.node('Transpose', ['input'], `${root}/conv1/Conv2D__6:0`, [integersAttribute('perm', [0, 3, 1, 2])], `${root}/conv1/Conv2D__6`);
    net.conv(`${root}/conv1/Conv2D__6:0`, `${root}/conv1/BiasAdd:0`, { kernel: 3, from: 3, name: `${root}/conv1/BiasAdd` });
    net.relu(`${root}/conv1/BiasAdd:0`, `${root}/conv1/Relu:0`, `${root}/conv1/Relu`);
    net.conv(`${root}/conv1/Relu:0`, `${root}/block2/conv5/Conv2D:0`, { kernel: 3, name: `${root}/block2/conv5/Conv2D` });
    net.relu(`${root}/block2/conv5/Conv2D:0`, `${root}/block2/relu5/Relu:0`, `${root}/block2/relu5/Relu`);
    const network = await open(net, `${root}/block2/relu5/Relu:0`);
    expect(network.layer('conv1')).toMatchObject({ name: 'conv1', operator: 'Relu', units: 1, grid: { height: 30, width: 30 } });
    expect(network.layer('block2/conv5').module).toBe('block2/relu5');
    for (const name of [`${root}/conv1/Relu`, `${root}/conv1/Relu:0`]) expect(network.layer(name)).toMatchObject({ name, module: 'conv1' });
  });

  it('Keras 3: a layer answers to its name without the number that the exporter puts behind all of them', async () => {
    const net = sketch();
    const names = ['conv1_conv', 'conv1_relu', 'conv2_1_conv', 'conv2_1_relu'].map((name) => `model/${name}_1`);
    net.relu(net.conv('input', 'a', { kernel: 3, name: `${names[0]}/Conv2D` }), 'b', `${names[1]}/Relu`);
    net.relu(net.conv('b', 'c', { kernel: 3, name: `${names[2]}/Conv2D` }), 'd', `${names[3]}/Relu`);
    const network = await open(net, 'd');
    for (const name of ['conv1_relu', 'conv1_relu_1', 'conv1_conv']) expect(network.layer(name).tensor).toBe('b');
    expect(network.layer('conv2_1_relu').tensor).toBe('d');
  });

  it('Paddle: the variable’s name', async () => {
    const net = sketch();
    net.conv('input', 'conv2d_0.tmp_0', { kernel: 3, name: 'Conv_0' });
    net.node('HardSwish', ['conv2d_0.tmp_0'], 'hardswish_0.tmp_0', [], 'HardSwish_0');
    const network = await open(net, 'hardswish_0.tmp_0');
    expect(network.layer('conv2d_0').tensor).toBe('hardswish_0.tmp_0');
    expect(network.layer('hardswish_0').tensor).toBe('hardswish_0.tmp_0');
    expect(network.layer('Conv_0').tensor).toBe('conv2d_0.tmp_0');
  });

  it('none at all: tensors are named', async () => {
    const net = sketch();
    net.relu(net.conv('input', '12', { kernel: 3, name: '' }), '13', '');
    const network = await open(net, '13');
    expect(network.layers.map(({ name, node }) => [name, node])).toEqual([
      ['12', null],
      ['13', null],
    ]);
  });

  it('an activation in two operators, behind a normalisation, is the convolution’s own', async () => {
    const net = sketch();
    net.conv('input', 'sums', { kernel: 3, name: '/stem/conv/Conv' });
    for (const [name, value] of [
      ['scale', 1],
      ['shift', 0],
      ['mean', 0],
      ['variance', 1],
    ] as const)
      net.weights(name, [1], [value]);
    net.node('BatchNormalization', ['sums', 'scale', 'shift', 'mean', 'variance'], 'normal', [], '/stem/bn/BatchNormalization');
    net.node('Sigmoid', ['normal'], 'gate', [], '/stem/act/Sigmoid');
    net.node('Mul', ['normal', 'gate'], 'swish', [], '/stem/act/Mul');
    const network = await open(net, 'swish');
    expect(network.layer('stem.conv').tensor).toBe('swish');
    expect(network.layer('stem.bn').tensor).toBe('swish');
    expect(network.layers.filter(({ listed }) => listed).map(({ tensor }) => tensor)).toEqual(['swish']);
  });
});

describe('an activation in several operators', () => {
  const constants = (net: Sketch) => {
    for (const [name, value] of [
      ['three', 3],
      ['six', 6],
      ['zero', 0],
      ['one', 1],
      ['half', 0.5],
    ] as const)
      net.weights(name, [], [value]);
  };

  it.each<[string, (net: Sketch) => void]>([
    [
      'hard swish',
      (net) => {
        net.node('Clip', [net.node('Add', ['sums', 'three'], 'shifted'), 'zero', 'six'], 'clipped');
        net.node('Div', [net.node('Mul', ['sums', 'clipped'], 'product'), 'six'], 'activated');
      },
    ],
    [
      'GELU',
      (net) => {
        net.node('Add', [net.node('Erf', [net.node('Div', ['sums', 'three'], 'scaled')], 'erf'), 'one'], 'shifted');
        net.node('Mul', [net.node('Mul', ['sums', 'shifted'], 'product'), 'half'], 'activated');
      },
    ],
    ['mish', (net) => net.node('Mul', ['sums', net.node('Tanh', [net.node('Softplus', ['sums'], 'plus')], 'tanh')], 'activated')],
  ])('%s is the convolution’s own', async (_, activate) => {
    const net = sketch();
    constants(net);
    net.conv('input', 'sums', { kernel: 3, name: '/conv5/Conv' });
    activate(net);
    net.node('Mul', ['activated', 'half'], 'scaledAgain');
    const network = await open(net, 'scaledAgain');
    expect(network.layer('conv5').tensor).toBe('activated');
  });

  it('a gate by something else is not', async () => {
    const net = sketch();
    net.conv('input', 'sums', { kernel: 3, name: '/conv5/Conv' });
    net.node('Mul', ['sums', net.node('Sigmoid', [net.conv('sums', 'other', { kernel: 1 })], 'gate')], 'gated');
    const network = await open(net, 'gated');
    expect(network.layer('conv5').tensor).toBe('sums');
  });
});

describe('the layers that are listed', () => {
  it('are the declared outputs where the author declared inner tensors', async () => {
    const net = sketch();
    net.relu(net.conv('input', 'a', { kernel: 3 }), 'conv1');
    net.relu(net.conv('conv1', 'b', { kernel: 3 }), 'conv2');
    net.relu(net.conv('conv2', 'c', { kernel: 3 }), 'conv3');
    const network = await open(net, 'conv1', 'conv3');
    expect(network.layers.filter(({ listed }) => listed).map(({ name }) => name)).toEqual(['conv1', 'conv3']);
  });

  it('are all blocks where the only map declared is the network’s result, gates and single cells left out', async () => {
    const net = sketch();
    net.relu(net.conv('input', 'a', { kernel: 3, units: 2 }), 'block1');
    net.conv(net.node('GlobalAveragePool', ['block1'], 'squeezed'), 'excite', { kernel: 1, from: 2, units: 2 });
    net.node('Mul', ['block1', net.node('Sigmoid', ['excite'], 'gate')], 'weighted');
    net.conv('weighted', 'mask', { kernel: 1, from: 2 });
    const network = await open(net, 'mask');
    expect(network.layers.filter(({ listed }) => listed).map(({ name }) => name)).toEqual(['block1', 'mask']);
  });
});

describe('a layer that cannot be given', () => {
  it('is LAYER_NOT_FOUND when nothing bears the name; the message names those that exist', async () => {
    const network = await open(tracedResNet(), 'logits');
    expect(() => network.layer('layer5')).toThrow(
      expect.objectContaining({
        code: 'LAYER_NOT_FOUND',
        message: expect.stringMatching(
          /^There is no layer "layer5" in net\d+\.onnx\. Its layers: relu, layer4\.0\.relu, .*; "dissectory model layers net\d+\.onnx" shows all/,
        ),
      }),
    );
  });

  it('is LAYER_NOT_FOUND with the closest names when there are many', async () => {
    const net = sketch();
    let x = 'input';
    for (let i = 1; i <= 30; i++)
      x = net.relu(net.conv(x, `/conv${i}/Conv_output_0`, { kernel: 1, name: `/conv${i}/Conv` }), `r${i}`, `/relu${i}/Relu`);
    const network = await open(net, x);
    expect(() => network.layer('relu31')).toThrow(/The closest of its 30 layers: relu1, relu3, relu11, relu21, /);
  });

  it.each(['logits', 'fc', '/fc/Gemm', 'avgpool'])('is a vector over the whole image when it has one value a unit: %s', async (name) => {
    const layer = (await open(tracedResNet(), 'logits')).layer(name);
    expect(layer).toMatchObject({ kind: 'vector', receptiveField: null, listed: false });
    expect(layer.grid).toEqual({ height: 1, width: 1, offsetY: 15.5, offsetX: 15.5, strideY: 32, strideX: 32 });
  });

  it('is NOT_SPATIAL when it is a sequence whose grid neither graph nor card names', async () => {
    const net = sketch();
    net.node('Reshape', [net.conv('input', 'patches', { kernel: 8, stride: 8, units: 4 }), net.integers('shape', [0, 4, 16])], 'tokens');
    const network = await open(net, 'tokens');
    const why = 'is a sequence of 4 tokens: if they are patches, name their grid in the model card';
    expect(() => network.layer('tokens')).toThrow(expect.objectContaining({ code: 'NOT_SPATIAL', message: expect.stringContaining(why) }));
    expect(network.unreadable).toEqual([{ name: 'tokens', operator: 'Reshape', why: expect.stringContaining(why) }]);
  });

  it('is NOT_SPATIAL where rows and columns were made of a flattened map: nothing proves which is which', async () => {
    const net = sketch({ height: 8, width: 16 });
    net.node('Flatten', [net.conv('input', 'conv', { kernel: 3, pad: 1 })], 'flat');
    net.node('MatMul', ['flat', net.weights('w', [128, 32], new Array(128 * 32).fill(0.1))], 'product');
    net.node('Reshape', ['product', net.integers('shape', [-1, 2, 4, 4])], 'map');
    const network = await open(net, 'map');
    expect(() => network.layer('map')).toThrow(/cannot be told which of these are units, which rows and columns/);
  });

  it('what hangs on a second input is no layer, and cannot be asked for', async () => {
    const net = sketch();
    net.conv('input', 'conv', { kernel: 3 });
    net.node('Mul', ['conv', 'scale'], 'scaled');
    const model = net.model('scaled');
    model.graph?.input.push(valueInfo('scale', TensorProto_DataType.FLOAT, [1]));
    const network = await openOnnx(write(model));
    expect(network.layers.map(({ name }) => name)).toEqual(['conv']);
    expect(() => network.layer('scaled')).toThrow(expect.objectContaining({ code: 'NOT_SPATIAL' }));
  });

  it('constants and integers are no layers', async () => {
    const net = sketch();
    net.conv('input', 'conv', { kernel: 3, pad: 1 });
    net.weights('table', [1, 1, 32, 32], new Array(1024).fill(1));
    net.node('Identity', ['table'], 'constant');
    net.node('Add', ['conv', 'constant'], 'sum');
    net.node('Cast', ['sum'], 'integers', [integerAttribute('to', 7)]);
    const network = await open(net, 'integers');
    expect(network.layers.map(({ name }) => name)).toEqual(['conv', 'sum']);
  });
});
