import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from 'onnx-buf';
import { afterEach, describe, expect, it } from 'vitest';
import { makeNode, valueInfo } from '../../../ingest/engine/graph/build.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();
const home = process.cwd();
afterEach(() => process.chdir(home));
const VALUES = [0.5, 0.25, 0.125];

/** Three values that lie in `weights.data`, `offset` bytes in. */
function outside(name: string, offset = 0, dims: bigint[] = [1n, 3n, 1n, 1n]): TensorProto {
  const externalData = Object.entries({ location: 'weights.data', offset: String(offset), length: '12' }).map(([key, value]) => ({
    key,
    value,
  }));
  return create(TensorProtoSchema, {
    name,
    dims,
    dataType: TensorProto_DataType.FLOAT,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData,
  });
}

function constantNode(tensor: TensorProto) {
  const attribute = create(AttributeProtoSchema, { name: 'value', type: AttributeProto_AttributeType.TENSOR, t: tensor });
  return makeNode('Constant', [], 'w', [attribute]);
}

/** A convolution with the weights `w`. */
function base(): ModelProto {
  const net = sketch({ height: 4, width: 4 });
  net.node('Conv', ['input', 'w'], 'y');
  return net.model('y');
}

const HOLDERS: Record<string, () => ModelProto> = {
  'an initializer': () => {
    const model = base();
    model.graph?.initializer.push(outside('w'));
    return model;
  },
  'a constant': () => {
    const model = base();
    model.graph?.node.unshift(constantNode(outside('w')));
    return model;
  },
  'a branch of a condition': () => {
    const model = base();
    const branch = (name: string) =>
      create(GraphProtoSchema, {
        name,
        node: [constantNode(outside('w'))],
        output: [valueInfo('w', TensorProto_DataType.FLOAT, [1, 3, 1, 1])],
      });
    const graph = (name: string) => create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: branch(name) });
    const bool = create(TensorProtoSchema, { name: 'yes', dataType: TensorProto_DataType.BOOL, dims: [], int32Data: [1] });
    model.graph?.initializer.push(bool);
    model.graph?.node.unshift(makeNode('If', ['yes'], 'w', [graph('then_branch'), graph('else_branch')]));
    return model;
  },
  'a function': () => {
    const model = base();
    model.opsetImport.push({ ...model.opsetImport[0], domain: 'own', version: 1n });
    model.functions = create(ModelProtoSchema, {
      functions: [
        { name: 'Weights', domain: 'own', output: ['w'], opsetImport: [{ domain: '', version: 17n }], node: [constantNode(outside('w'))] },
      ],
    }).functions;
    model.graph?.node.unshift({ ...makeNode('Weights', [], 'w'), domain: 'own' });
    return model;
  },
};

async function run(file: string): Promise<number> {
  const network = await openOnnx(file);
  const runner = await network.start([network.layer('y')], { normalisation: { mean: [0], std: [1] } });
  const [y] = await runner.run(new Uint8Array(48).fill(255), 1);
  await runner.close();
  return y[0];
}

const floats = (values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

describe('weights in a file beside the model', () => {
  it.each(Object.entries(HOLDERS))('named in %s are those of the model’s own folder, wherever it is opened from', async (_, build) => {
    const file = write(build());
    const folder = path.dirname(file);
    writeFileSync(path.join(folder, 'weights.data'), floats(VALUES));
    const elsewhere = path.join(folder, 'elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    writeFileSync(path.join(elsewhere, 'weights.data'), floats([7, 7, 7]));
    process.chdir(elsewhere);
    expect(await run(path.join('..', path.basename(file)))).toBeCloseTo(0.875, 6);
    const { sha256 } = await openOnnx(file);
    writeFileSync(path.join(folder, 'weights.data'), floats([1, 2, 3]));
    expect((await openOnnx(file)).sha256).not.toBe(sha256);
  });

  it.each(Object.entries(HOLDERS))('named in %s and not there is an error that names the file', async (_, build) => {
    const file = write(build());
    const moved = path.join(path.dirname(file), 'alone');
    mkdirSync(moved, { recursive: true });
    copyFileSync(file, path.join(moved, 'net.onnx'));
    await expect(openOnnx(path.join(moved, 'net.onnx'))).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('weights.data'),
    });
  });

  it('more than 1 GiB of them stay where they are', async () => {
    const model = base();
    const far = 2 ** 30 + 64;
    model.graph?.initializer.push(outside('w', far));
    const rows = BigInt(2 ** 27);
    const large = outside('unread', 0, [rows, 2n]);
    for (const entry of large.externalData) if (entry.key === 'length') entry.value = String(2 ** 30);
    model.graph?.initializer.push(large);
    const folder = path.join(path.dirname(write(base())), 'large');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'net.onnx');
    writeFileSync(file, toBinary(ModelProtoSchema, model));
    const data = path.join(folder, 'weights.data');
    writeFileSync(data, '');
    truncateSync(data, far); // sparse: it takes no room
    writeFileSync(data, floats(VALUES), { flag: 'a' });
    expect(await run(file)).toBeCloseTo(0.875, 6);
  }, 60_000);
});
