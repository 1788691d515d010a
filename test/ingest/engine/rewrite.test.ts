import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { imageInput } from '../../../ingest/engine/graph/find-input.ts';
import { viewGraph } from '../../../ingest/engine/graph/graph.ts';
import { readModel } from '../../../ingest/engine/onnx/model.ts';
import { PIXELS } from '../../../ingest/engine/onnx/prepare.ts';
import { rewrite } from '../../../ingest/engine/onnx/rewrite.ts';
import { readNpy } from '../../npy.ts';
import { sharedPath } from '../../shared.ts';
import { deviation } from './pixels.ts';

const fixture = join(import.meta.dirname, '../../fixtures/models/scenes-alexnet.onnx');
const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

async function cut(file: string, ...tensors: string[]) {
  const { proto } = await readModel(file);
  const graph = viewGraph(proto);
  const taps = tensors.map((tensor) => ({ tensor, elementType: TensorProto_DataType.FLOAT, layout: 'NCHW' as const }));
  return rewrite(proto, graph, imageInput(file, graph, null), normalisation, taps, null);
}

describe('a rewritten model', () => {
  it('computes nothing behind the deepest tensor asked for, and carries no weights that it does not need', async () => {
    const { graph } = fromBinary(ModelProtoSchema, await cut(fixture, 'conv2', 'conv1'));
    const operators = graph?.node.filter(({ name }) => name.startsWith('/mods')).map(({ opType }) => opType);
    expect(operators).toEqual(['Conv', 'Relu', 'MaxPool', 'Conv', 'Relu']);
    expect(graph?.initializer.map(({ name }) => name)).toEqual([
      'net.mods.0.0.weight',
      'net.mods.0.0.bias',
      'net.mods.2.0.weight',
      'net.mods.2.0.bias',
    ]);
    expect(graph?.output.map(({ name }) => name)).toEqual(['conv2', 'conv1']);
    expect(graph?.input.map(({ name }) => name)).toEqual([PIXELS]);
  });

  const zoo = sharedPath('zoo');
  it.skipIf(zoo === null)('gives the reference’s activations and class scores from bytes, to 1e-5', async () => {
    const root = zoo ?? '';
    const index = readFileSync(join(root, 'broden-mini', 'index.csv'), 'utf8').split('\r\n');
    const images = index.slice(1, 5).map((line) => join(root, 'broden-mini', 'images', line.split(',')[0]));
    const pixels = Buffer.concat(await Promise.all(images.map((file) => sharp(file).removeAlpha().raw().toBuffer())));
    const session = await InferenceSession.create(await cut(join(root, 'models', 'scenes-alexnet.onnx'), 'conv5', 'logits'));
    const results = await session.run({ [PIXELS]: new Tensor('uint8', new Uint8Array(pixels), [4, 112, 112, 3]) });
    await session.release();
    for (const name of ['conv5', 'logits']) {
      const reference = readNpy(join(root, 'reference', 'broden-mini', `sample_scenes-alexnet_${name}_first4.npy`));
      expect(deviation(results[name].data as Float32Array, reference)).toBeLessThan(1e-5);
    }
  });
});
