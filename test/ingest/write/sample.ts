/** A small dataset, a model of one layer with two units, and what a dissection of it leaves. */
import { type Registrable, registerDataset } from '../../../ingest/write/dataset.ts';
import { type LayerRecord, type ModelRecord, registerModel } from '../../../ingest/write/model.ts';
import type { DissectionRecord, UnitRecord } from '../../../ingest/write/record.ts';
import type { Store } from '../../../store/store.ts';

const row = (index: number) => ({
  ...{ index, line: index + 2, entry: `index.csv, line ${index + 2}`, file: `a/${index}.jpg`, split: 'train' },
  ...{ height: 112, width: 112 + index, maskHeight: 56, maskWidth: 56 + index },
});

export const dense: Registrable = {
  format: 'broden',
  imageFolder: 'images',
  root: '/data/broden',
  categories: ['OBJECT', 'COLOR'],
  concepts: [
    { index: 0, category: 'OBJECT', number: 3, name: 'sky', synonyms: ['heaven', 'ciel "bleu"'], frequency: 2, coverage: 0.75 },
    { index: 1, category: 'OBJECT', number: 7, name: 'grass', synonyms: [], frequency: 1, coverage: 0.1 },
    { index: 2, category: 'COLOR', number: 300, name: 'red-c', synonyms: [], frequency: 3, coverage: 1 / 3 },
  ],
  rows: [row(0), row(1), row(2)],
  sha256: 'd'.repeat(64),
};

export const conv5 = {
  name: 'conv5',
  index: 12,
  units: 2,
  grid: { height: 2, width: 3, offsetY: 9, offsetX: 9.5, strideY: 16, strideX: 32 },
  receptiveField: { height: 163, width: 195 },
  listed: true,
};

export const alexnet: ModelRecord = {
  slug: 'alexnet',
  sha256: 'a'.repeat(64),
  format: 'ONNX',
  path: '/models/alexnet.onnx',
  inputShape: [3, 112, 112],
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  layers: [conv5],
};

export const sky: UnitRecord = {
  index: 0,
  threshold: 1.25,
  silent: false,
  maxActivation: 7.5,
  label: 0,
  iou: 0.25,
  scores: [
    { concept: 0, iou: 0.25, intersection: 1, union: 4 },
    { concept: 2, iou: 0.5 / 2 ** 30, intersection: 2 ** 22, union: 2 ** 53 - 1 },
  ],
  categories: [
    { category: 'OBJECT', activated: 3, best: 0, bestIou: 0.25, bestIntersection: 1, bestUnion: 4 },
    { category: 'COLOR', activated: 2 ** 40, best: 2, bestIou: 0.5 / 2 ** 30, bestIntersection: 2 ** 22, bestUnion: 2 ** 53 - 1 },
  ],
  topImages: [
    { image: 2, maxActivation: 7.5, map: new Float32Array([0, 1, 2, 3, 4, 7.5]) },
    { image: 0, maxActivation: 1.5, map: new Float32Array([0, 0, 0, 0, 0, 1.5]) },
  ],
};

export const silent: UnitRecord = {
  index: 1,
  threshold: null,
  silent: true,
  maxActivation: null,
  label: null,
  iou: 0,
  scores: [],
  categories: [{ category: 'COLOR', activated: 0, best: null, bestIou: 0, bestIntersection: 0, bestUnion: 0 }],
  topImages: [],
};

/** Registers the dataset and the model, and gives a dissection of the latter's layer. */
export async function prepare(store: Store, layer: LayerRecord = conv5): Promise<DissectionRecord> {
  const dataset = await registerDataset(store, dense, { slug: 'broden', name: 'Broden' });
  const model = await registerModel(store, { ...alexnet, layers: [{ ...layer, listed: true }] });
  const { id } = await store.prisma.layer.findFirstOrThrow({ where: { modelId: model.id } });
  return {
    layerId: id,
    datasetId: dataset.id,
    tau: 0.005,
    basis: 'IDENTITY',
    basisParameters: null,
    provenance: {
      modelSha256: alexnet.sha256,
      datasetSha256: dense.sha256,
      engine: 'onnxruntime',
      engineVersion: '1.29.0',
      provider: 'cpu',
      codeVersion: '0.1.0',
      parameters: { mean: [0.5, 0.5, 0.5], rule: { b: 1, a: 2 } },
    },
    units: [sky, silent],
  };
}
