import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Target } from '../core/targets.ts';
import { type Fingerprinted, openDense } from '../ingest/dataset/open.ts';
import { dissect } from '../ingest/dissection/dissect.ts';
import type { LayerInfo, Network, Runner } from '../ingest/engine/engine.ts';
import { openOnnx } from '../ingest/engine/onnx/engine.ts';
import { PACKAGE_ROOT } from '../store/package.ts';
import { writeDataset } from './dataset.ts';
import { resnet18 } from './resnet18.ts';
import { wide } from './wide.ts';

const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** What a benchmark of whole dissections runs on: a network at 224 x 224 over a dataset with 112 x 112 masks. */
export interface Stage {
  dense: Fingerprinted;
  network: Network;
  layers: LayerInfo[];
  runner: Runner;
}

export const BENCH_FOLDER = path.join(tmpdir(), 'dissectory-bench');

/** Where the dataset and the model of a stage lie. */
export interface StageFiles {
  dataset: string;
  model: string;
}

/**
 * Writes what is not there yet.
 * @param model `resnet18`, `wide-UNITS` with the one layer `layer`, or a model of examples/
 */
export async function stageFiles(images: number, model: string): Promise<StageFiles> {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const dataset = path.join(BENCH_FOLDER, `broden-${images}`);
  if (!existsSync(path.join(dataset, 'index.csv'))) await writeDataset(path.join(PACKAGE_ROOT, 'examples/broden-mini'), dataset, images);
  const example = path.join(PACKAGE_ROOT, 'examples/models', `${model}.onnx`);
  if (existsSync(example)) return { dataset, model: example };
  const file = path.join(BENCH_FOLDER, `${model}.onnx`);
  if (!existsSync(file)) writeFileSync(file, model === 'resnet18' ? resnet18() : wide(Number(model.slice('wide-'.length))));
  return { dataset, model: file };
}

/** @param model as for `stageFiles` */
export async function setStage(
  images: number,
  layerNames: readonly string[],
  model = 'resnet18',
  target: Target = 'onnx-cpu',
): Promise<Stage> {
  const files = await stageFiles(images, model);
  const dense = await openDense(files.dataset);
  const network = await openOnnx(files.model);
  const layers = layerNames.map((name) => network.layer(name));
  const runner = await network.start(layers, { normalisation: NORMALISATION, targets: [target] });
  return { dense, network, layers, runner };
}

/** Every image of the stage through the network and nothing else: the pixels are in memory already. */
export async function forwardOnly({ dense, network, runner }: Stage): Promise<() => Promise<void>> {
  const { inputHeight, inputWidth } = network;
  const { batchSize } = runner;
  const size = inputHeight * inputWidth * 3;
  const batch = new Uint8Array(new SharedArrayBuffer(batchSize * size)); // shared: the runner does not take it away
  for (let i = 0; i < batchSize; i++) {
    batch.set(await dense.readImage(dense.rows[i % dense.rows.length], inputHeight, inputWidth), i * size);
  }
  return async () => {
    for (let image = 0; image < dense.rows.length; image += batchSize) {
      const count = Math.min(batchSize, dense.rows.length - image);
      await runner.run(batch.subarray(0, count * size), count);
    }
  };
}

/** One whole dissection, from the files on disk to counts; nothing of an earlier one is taken up. */
export async function dissectStage({ dense, network, runner, layers }: Stage): Promise<void> {
  const workFolder = path.join(BENCH_FOLDER, `work-${process.pid}`);
  const { batchSize } = runner;
  await dissect({ dense, network, runner, layers, taus: [0.005], workFolder, memory: 2 ** 28, batchSize, onProgress: () => {} });
  await rm(workFolder, { recursive: true });
}
