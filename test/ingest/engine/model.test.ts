import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataLocation, TensorProto_DataType } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();
const fixture = join(import.meta.dirname, '../../fixtures/models/scenes-alexnet.onnx');

const refused = (file: string, message: RegExp) =>
  expect(openOnnx(file)).rejects.toMatchObject({ code: 'BAD_MODEL', message: expect.stringMatching(message) });

describe('a model file is refused with one sentence that names it', () => {
  it('when there is none', () => refused('/nowhere/net.onnx', /Cannot open the model \/nowhere\/net\.onnx: ENOENT/));

  it('when it is a folder', () => refused(import.meta.dirname, /is not a file/));

  it('when it is empty', () => refused(write(''), /net\d+\.onnx is empty/));

  it('when it is text', () => refused(write('this is no network\n'), /is not an ONNX file\. Give an \.onnx file/));

  it('when it is a zip, as torch.save writes it', () =>
    refused(write(new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 8, 8])), /is not an ONNX file/));

  it.each([0.2, 0.5, 0.999])('when it was cut off at %d of its length', async (part) => {
    const bytes = readFileSync(fixture);
    await refused(write(bytes.subarray(0, Math.floor(bytes.length * part))), /is cut off or damaged \(\d+ bytes\)/);
  });

  it('when it holds no graph', () => refused(write(create(ModelProtoSchema, { irVersion: 8n })), /holds no ONNX graph/));

  it('when a tensor that it reads is missing', async () => {
    const model = fromBinary(ModelProtoSchema, readFileSync(fixture));
    model.graph?.initializer.splice(0, 1);
    await refused(write(model), /ONNX Runtime cannot run the model .*net\d+\.onnx/);
  });

  it('when an operator is unknown', async () => {
    const net = sketch();
    net.node('Dissect', ['input'], 'y');
    await refused(write(net.model('y')), /cannot run the model .*Dissect/s);
  });
});

describe('the input of a model', () => {
  it('is refused when it takes no images', async () => {
    const net = sketch({ shape: ['batch', 4, 28, 28] });
    net.conv('input', 'y', { kernel: 3, from: 4 });
    await refused(write(net.model('y')), /is \[\?, 4, 28, 28\]: it takes no images, which have 3 channels, or 1 where they are grey/);
  });

  it('is refused when it is no image', async () => {
    const net = sketch({ shape: ['batch', 10] });
    net.relu('input', 'y');
    await refused(write(net.model('y')), /exactly one input of four dimensions, an image batch; its inputs: input \[batch, 10\]/);
  });

  it('is refused when it takes truth values', async () => {
    const net = sketch({ elementType: TensorProto_DataType.BOOL });
    net.node('Identity', ['input'], 'y');
    await refused(write(net.model('y')), /takes BOOL numbers/);
  });

  it('needs a size where the file leaves it open', async () => {
    const net = sketch({ shape: ['batch', 3, 'height', 'width'] });
    net.conv('input', 'y', { kernel: 3 });
    const file = write(net.model('y'));
    await refused(file, /leaves its input height open\. Name the size in the model card/);
    const network = await openOnnx(file, { inputSize: { height: 20, width: 30 } });
    expect(network.layer('y').grid).toMatchObject({ height: 18, width: 28 });
    expect([network.inputHeight, network.inputWidth]).toEqual([20, 30]);
  });

  it('is refused when the card contradicts the file', async () => {
    const net = sketch();
    net.conv('input', 'y', { kernel: 3 });
    await expect(openOnnx(write(net.model('y')), { inputSize: { height: 32, width: 224 } })).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/The input width of .* is 32, but 224 was asked for/),
    });
  });
});

describe('weights in a file beside the model', () => {
  function external(location: string, length: number) {
    const net = sketch();
    net.conv('input', 'y', { kernel: 1 });
    const model = net.model('y');
    const [weight] = model.graph?.initializer ?? [];
    weight.floatData = [];
    weight.dataLocation = TensorProto_DataLocation.EXTERNAL;
    weight.externalData = [
      { key: 'location', value: location },
      { key: 'offset', value: '8' },
      { key: 'length', value: String(length) },
    ].map((entry) => ({ ...entry, $typeName: 'onnx.StringStringEntryProto' as const }));
    return model;
  }

  it('are read, and belong to the fingerprint', async () => {
    write(new Uint8Array(new Float32Array([9, 9, 1, 2, 3]).buffer), 'weights.bin');
    const file = write(external('weights.bin', 12));
    const network = await openOnnx(file);
    const runner = await network.start([network.layer('y')], { normalisation: { mean: [0, 0, 0], std: [1, 1, 1] } });
    const pixels = new Uint8Array(32 * 32 * 3).fill(255);
    const [values] = await runner.run(pixels, 1);
    await runner.close();
    expect(values[0]).toBe(6);
    write(new Uint8Array(new Float32Array([9, 9, 1, 2, 4]).buffer), 'weights.bin');
    expect((await openOnnx(file)).sha256).not.toBe(network.sha256);
  });

  it('are missed with the name of their file', () =>
    refused(write(external('gone.bin', 12)), /keeps its weights in gone\.bin.*Put it beside the model/));

  it('that end too early are refused', async () => {
    write(new Uint8Array(16), 'short.bin');
    await refused(write(external('short.bin', 12)), /weights short\.bin of the model .* are cut off: y\.weight ends at byte 20 of 16/);
  });

  it.each(['../outside.bin', '/etc/hostname', 'a/../../b'])('are not looked for outside the model’s folder: %s', async (location) => {
    await refused(write(external(location, 12)), /outside its own folder/);
  });
});
