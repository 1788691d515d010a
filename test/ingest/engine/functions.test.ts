import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  FunctionProtoSchema,
  type ModelProto,
  type NodeProto,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { integerAttribute, integersAttribute, makeNode } from '../../../ingest/engine/graph/build.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { deviation, noise } from './pixels.ts';
import { sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();
const LOCAL = 'local';
const OPSET = 17;

interface Body {
  name: string;
  input: string[];
  output: string[];
  attribute?: string[];
  attributeProto?: AttributeProto[];
  node: NodeProto[];
  opset?: number;
}

/** Takes a model's calls to be of these functions. */
function withFunctions(model: ModelProto, ...bodies: Body[]): ModelProto {
  const opset = (domain: string, version: number) => create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) });
  model.opsetImport.push(opset(LOCAL, 1));
  model.functions = bodies.map(({ opset: version = OPSET, ...body }) =>
    create(FunctionProtoSchema, { ...body, domain: LOCAL, opsetImport: [opset('', version), opset(LOCAL, 1)] }),
  );
  return model;
}

const call = (name: string, input: string[], output: string[], as: string, attribute: AttributeProto[] = []): NodeProto => ({
  ...makeNode(name, input, '', attribute),
  name: as,
  output,
  domain: LOCAL,
});

const named = (node: NodeProto, name: string): NodeProto => ({ ...node, name });

/** An attribute whose value is that of the function's. */
const refer = (name: string, refAttrName: string, type: AttributeProto_AttributeType) =>
  create(AttributeProtoSchema, { name, refAttrName, type });

/** A convolution of 3 by 3 with a ReLU behind, and a block of two of them around which the input is added. */
const UNIT: Body = {
  name: 'Unit',
  input: ['x', 'w'],
  output: ['y'],
  attribute: ['stride'],
  node: [
    named(
      makeNode('Conv', ['x', 'w'], 'sums', [
        integersAttribute('pads', [1, 1, 1, 1]),
        refer('strides', 'stride', AttributeProto_AttributeType.INTS),
      ]),
      'conv',
    ),
    named(makeNode('Relu', ['sums'], 'y'), 'relu'),
  ],
};
const BLOCK: Body = {
  name: 'Block',
  input: ['x', 'w'],
  output: ['y'],
  attributeProto: [integersAttribute('step', [1, 1])],
  node: [
    call('Unit', ['x', 'w'], ['a'], 'unit1', [integersAttribute('stride', [1, 1])]),
    call('Unit', ['a', 'w'], ['b'], 'unit2', [refer('stride', 'step', AttributeProto_AttributeType.INTS)]),
    named(makeNode('Add', ['x', 'b'], 'y'), 'add'),
  ],
};

/** A network of calls: a stem, two blocks, of which none says its stride, and a unit that strides. */
function residual(): ModelProto {
  const net = sketch({ opset: OPSET });
  net.relu(net.conv('input', 'sums', { kernel: 3, stride: 2, pad: 1, units: 4 }), 'stem');
  net.weights(
    'w',
    [4, 4, 3, 3],
    Array.from({ length: 144 }, (_, i) => Math.sin(i) / 4),
  );
  const model = net.model('features');
  model.graph?.node.push(
    call('Block', ['stem', 'w'], ['block1'], 'layer1'),
    call('Block', ['block1', 'w'], ['block2'], 'layer2'),
    call('Unit', ['block2', 'w'], ['features'], 'tail', [integersAttribute('stride', [2, 2])]),
  );
  return withFunctions(model, UNIT, BLOCK);
}

/** What ONNX Runtime gives for a model as it is, its functions its own affair. */
async function asItIs(model: ModelProto, output: string, pixels: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(write(model), { logSeverityLevel: 4 });
  const side = Math.sqrt(pixels.length / 3);
  const planes = Float32Array.from(
    { length: pixels.length },
    (_, i) => pixels[(i % (side * side)) * 3 + Math.floor(i / side / side)] / 255,
  );
  const results = await session.run({ input: new Tensor('float32', planes, [1, 3, side, side]) });
  await session.release();
  return Float32Array.from(results[output].data as Float32Array);
}

async function activations(file: string, name: string, pixels: Uint8Array): Promise<Float32Array> {
  const network = await openOnnx(file);
  const runner = await network.start([network.layer(name)], { normalisation: { mean: [0], std: [1] }, threads: 1 });
  const [values] = await runner.run(pixels.slice(), 1);
  await runner.close();
  return values;
}

const field = (size: number) => ({ height: size, width: size });

describe('a network of the model’s own functions', () => {
  it('shows the layers inside them, each call’s by its own name', async () => {
    const network = await openOnnx(write(residual()));
    // Field by hand: the stem's 3 at stride 2, then 2 * 2 more with each convolution of 3 by 3
    expect(network.layer('layer1')).toMatchObject({ tensor: 'block1', units: 4, receptiveField: field(11), grid: { height: 16 } });
    expect(network.layer('layer1/unit1')).toMatchObject({ operator: 'Relu', receptiveField: field(7), grid: { strideY: 2, offsetY: 0 } });
    expect(network.layer('layer2/unit2/relu')).toMatchObject({ tensor: 'layer2/b', receptiveField: field(19) });
    expect(network.layer('layer2')).toMatchObject({ tensor: 'block2', receptiveField: field(19) });
    expect(network.layer('tail')).toMatchObject({ tensor: 'features', receptiveField: field(23), grid: { height: 8, strideY: 4 } });
    expect(network.layers.filter(({ listed }) => listed).map(({ name }) => name)).toEqual([
      'stem',
      'layer1/unit1',
      'layer1/unit2',
      'layer1',
      'layer2/unit1',
      'layer2/unit2',
      'layer2',
      'features',
    ]);
  });

  it('gives what the runtime makes of the calls itself', async () => {
    const pixels = noise(32 * 32 * 3);
    const expected = await asItIs(residual(), 'features', pixels);
    expect(deviation(await activations(write(residual()), 'tail', pixels), expected)).toBeLessThan(1e-6);
    // Inside a call, where no graph output could reach: the block's input is what it adds to
    const file = write(residual());
    const [before, inside, behind] = await Promise.all(['layer1', 'layer2/unit2', 'layer2'].map((name) => activations(file, name, pixels)));
    const sums = before.map((value, i) => value + inside[i]);
    expect(deviation(sums, behind)).toBeLessThan(1e-6);
  });

  it('goes by the modules that its calls tell of, as torch’s dynamo exporter does', async () => {
    const net = sketch({ opset: OPSET });
    net.weights('w', [4, 3, 3, 3], new Array(108).fill(0.1));
    const scopes = "['', 'layer1', 'layer1.0', 'unit_1']";
    const unit = call('Unit', ['input', 'w'], ['relu'], 'node_unit_1', [integersAttribute('stride', [1, 1])]);
    unit.metadataProps = [{ $typeName: 'onnx.StringStringEntryProto', key: 'pkg.torch.onnx.name_scopes', value: scopes }];
    const model = net.model('relu');
    model.graph?.node.push(unit);
    const network = await openOnnx(write(withFunctions(model, UNIT)));
    expect(network.layer('layer1.0')).toMatchObject({ tensor: 'relu', units: 4, receptiveField: field(3) });
    expect(network.layer('node_unit_1/conv').operator).toBe('Conv');
  });

  it('knows branches inside functions, which read what is around them', async () => {
    const branch = (name: string, operator: string) =>
      create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.GRAPH,
        g: {
          name,
          node: [makeNode(operator, ['x'], 'inner')],
          output: [create(ValueInfoProtoSchema, { name: 'inner' })],
        },
      });
    const body: Body = {
      name: 'Choose',
      input: ['x'],
      output: ['y'],
      attributeProto: [integerAttribute('yes', 1)],
      node: [
        makeNode('Constant', [], 'flag', [refer('value_int', 'yes', AttributeProto_AttributeType.INT)]),
        makeNode('Cast', ['flag'], 'condition', [integerAttribute('to', TensorProto_DataType.BOOL)]),
        makeNode('If', ['condition'], 'y', [branch('then_branch', 'Relu'), branch('else_branch', 'Neg')]),
      ],
    };
    const net = sketch({ opset: OPSET });
    net.conv('input', 'sums', { kernel: 3, units: 2 });
    const model = net.model('chosen', 'denied');
    model.graph?.node.push(
      call('Choose', ['sums'], ['chosen'], 'first'),
      call('Choose', ['sums'], ['denied'], 'second', [integerAttribute('yes', 0)]),
    );
    const whole = withFunctions(model, body);
    const pixels = noise(32 * 32 * 3);
    for (const name of ['chosen', 'denied'])
      expect(deviation(await activations(write(whole), name, pixels), await asItIs(whole, name, pixels))).toBeLessThan(1e-6);
    const [sums, denied] = await Promise.all(['sums', 'denied'].map((name) => activations(write(whole), name, pixels)));
    expect(denied).toEqual(sums.map((value) => -value));
  });

  it('keeps those of another opset as calls, which the runtime resolves', async () => {
    const net = sketch({ opset: OPSET });
    net.conv('input', 'sums', { kernel: 1, units: 2 });
    const model = net.model('relu');
    model.graph?.node.push(call('Old', ['sums'], ['relu'], 'old'));
    const body: Body = { name: 'Old', input: ['x'], output: ['y'], opset: 16, node: [named(makeNode('Relu', ['x'], 'y'), 'inside')] };
    const network = await openOnnx(write(withFunctions(model, body)));
    expect(network.layer('old')).toMatchObject({ operator: 'Old', receptiveField: null });
    expect(() => network.layer('old/inside')).toThrow('There is no layer "old/inside"');
  });

  it('is refused where a function calls itself', async () => {
    const net = sketch({ opset: OPSET });
    const model = net.model('y');
    model.graph?.node.push(call('Endless', ['input'], ['y'], 'first'));
    const body: Body = { name: 'Endless', input: ['x'], output: ['y'], node: [call('Endless', ['x'], ['y'], 'again')] };
    await expect(openOnnx(write(withFunctions(model, body)))).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('the function Endless calls itself'),
    });
  });
});
