/**
 * Prints what half precision changes: `npx tsx tools/half-deviation.ts [DATASET MODEL LAYER]...`, by default over the
 * bundled example.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { table } from '../ingest/cli/terminal.ts';
import { openDense } from '../ingest/dataset/open.ts';
import { dissect } from '../ingest/dissection/dissect.ts';
import type { Precision } from '../ingest/engine/engine.ts';
import { openOnnx } from '../ingest/engine/onnx/engine.ts';
import { readCard } from '../ingest/engine/read-card.ts';
import { scoreUnit } from '../ingest/math/segmentation/score.ts';

const [dataset = 'examples/broden-mini', ...pairs] = process.argv.slice(2);
const asked =
  pairs.length > 0 ? pairs : ['examples/models/scenes-alexnet-fc.onnx', 'conv5', 'examples/models/scenes-resnet.onnx', 'layer4'];
const dense = await openDense(dataset);
const categories = dense.concepts.map(({ category }) => dense.categories.indexOf(category));

async function scores(file: string, name: string, precision: Precision) {
  const { normalisation } = await readCard(file);
  const network = await openOnnx(file);
  const layers = [network.layer(name)];
  const runner = await network.start(layers, {
    normalisation: { ...network.usualNormalisation, ...normalisation },
    precision,
  });
  const workFolder = path.join(await mkdtemp(path.join(tmpdir(), 'dissectory-half-')), 'run');
  const { batchSize } = runner;
  const [numbers] = await dissect({
    dense,
    network,
    runner,
    layers,
    taus: [0.005],
    workFolder,
    memory: 2 ** 30,
    batchSize,
    onProgress: () => {},
  });
  await runner.close();
  const units = Array.from({ length: numbers.layer.units }, (_, unit) =>
    scoreUnit(numbers.parts.iou, unit, categories, dense.categories.length, numbers.pixels),
  );
  return { units, provider: runner.provider };
}

const unique = (units: { label: number | null; iou: number }[]) =>
  new Set(units.filter(({ iou }) => iou > 0.04).map(({ label }) => label)).size;

const rows: unknown[][] = [];
for (let i = 0; i < asked.length; i += 2) {
  const [file, name] = [asked[i], asked[i + 1]];
  const [full, half] = [await scores(file, name, 'fp32'), await scores(file, name, 'fp16')];
  const same = full.units.filter(({ label }, unit) => label === half.units[unit].label).length;
  const deviation = Math.max(...full.units.map(({ iou }, unit) => Math.abs(iou - half.units[unit].iou)));
  rows.push([
    path.basename(file, '.onnx'),
    name,
    half.provider,
    `${same} of ${full.units.length}`,
    deviation.toFixed(5),
    `${unique(full.units)} / ${unique(half.units)}`,
  ]);
}
console.log(table(['MODEL', 'LAYER', 'PROVIDER', 'SAME LABEL', 'LARGEST IOU DEVIATION', 'UNIQUE DETECTORS FP32 / FP16'], rows));
