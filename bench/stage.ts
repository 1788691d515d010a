import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Broden } from '../ingest/dataset/broden.ts';
import { readImage } from '../ingest/dataset/image.ts';
import { openBroden } from '../ingest/dataset/open.ts';
import type { LayerInfo, Network, Runner } from '../ingest/engine/engine.ts';
import { openOnnx } from '../ingest/engine/onnx/engine.ts';
import { PACKAGE_ROOT } from '../ingest/package.ts';
import { dissect } from '../ingest/pass/dissect.ts';
import { withWorkFolder } from '../ingest/pass/work-folder.ts';
import { writeDataset } from './dataset.ts';
import { resnet18 } from './resnet18.ts';

export const BATCH = 32;
const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** What a benchmark of whole dissections runs on: a ResNet-18 at 224 x 224 over a dataset with 112 x 112 masks. */
export interface Stage {
  broden: Broden;
  network: Network;
  layers: LayerInfo[];
  runner: Runner;
}

export const BENCH_FOLDER = path.join(tmpdir(), 'dissectory-bench');

export async function setStage(images: number, names: readonly string[]): Promise<Stage> {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const dataset = path.join(BENCH_FOLDER, `broden-${images}`);
  if (!existsSync(path.join(dataset, 'index.csv'))) await writeDataset(path.join(PACKAGE_ROOT, 'examples/broden-mini'), dataset, images);
  const model = path.join(BENCH_FOLDER, 'resnet18.onnx');
  if (!existsSync(model)) writeFileSync(model, resnet18());
  const broden = await openBroden(dataset);
  const network = await openOnnx(model);
  const layers = names.map((name) => network.layer(name));
  const runner = await network.start(layers, { normalisation: NORMALISATION });
  return { broden, network, layers, runner };
}

/** Every image of the stage through the network and nothing else: the pixels are in memory already. */
export async function forwardOnly({ broden, network, runner }: Stage): Promise<() => Promise<void>> {
  const { inputHeight, inputWidth } = network;
  const size = inputHeight * inputWidth * 3;
  const batch = new Uint8Array(new SharedArrayBuffer(BATCH * size)); // shared: the runner does not take it away
  for (let i = 0; i < BATCH; i++)
    batch.set(await readImage(broden.root, broden.rows[i % broden.rows.length], inputHeight, inputWidth), i * size);
  return async () => {
    for (let image = 0; image < broden.rows.length; image += BATCH) {
      const count = Math.min(BATCH, broden.rows.length - image);
      await runner.run(batch.subarray(0, count * size), count);
    }
  };
}

export async function dissectStage({ broden, network, runner, layers }: Stage): Promise<void> {
  const workFolder = path.join(BENCH_FOLDER, 'work');
  const options = {
    broden,
    network,
    runner,
    layers,
    taus: [0.005],
    workFolder,
    memory: 2 ** 30,
    batchSize: BATCH,
    onProgress: () => {},
  };
  await withWorkFolder(workFolder, () => dissect(options));
}
