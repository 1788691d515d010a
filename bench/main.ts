import { parseArgs } from 'node:util';
import { table } from '../ingest/cli/terminal.ts';
import { dissectOverForward } from './dissect-over-forward.ts';
import { explainLatency } from './explain-latency.ts';
import type { Benchmark } from './figure.ts';
import { imageGrowth, rss, unitGrowth } from './growth.ts';
import { labelsOverBroden } from './labels-over-broden.ts';
import { shardsOverWhole } from './shards-over-whole.ts';
import { tallyOverLoop } from './tally-over-loop.ts';
import { targetOverCpu } from './target.ts';

const BENCHMARKS: Benchmark[] = [
  tallyOverLoop,
  labelsOverBroden,
  dissectOverForward('resnet18-layer4', ['layer4']),
  dissectOverForward('resnet18-all', ['layer1', 'layer2', 'layer3', 'layer4']),
  imageGrowth,
  unitGrowth,
  rss,
  shardsOverWhole('alexnet-all', 720, 'scenes-alexnet-fc', ['conv1', 'conv2', 'conv3', 'conv4', 'conv5']),
  shardsOverWhole('resnet18-layer4', 720, 'resnet18', ['layer4']),
  explainLatency('scenes-alexnet', 'test/fixtures/models/scenes-alexnet.onnx'),
  explainLatency('scenes-resnet', 'examples/models/scenes-resnet.onnx'),
  targetOverCpu('onnx-cuda'),
  targetOverCpu('onnx-webgpu'),
];

// It has options of its own, and compares servers instead of giving figures
if (process.argv[2] === 'api') {
  process.argv.splice(2, 1);
  await import('./api/main.ts');
  process.exit(0);
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
const unknown = positionals.find((name) => !BENCHMARKS.some((one) => one.name === name));
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}

const rows: unknown[][] = [];
for (const benchmark of BENCHMARKS) {
  if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
  const found = await benchmark.measure();
  if ('why' in found) {
    if (values.json) console.error(`${benchmark.name}: ${found.why}`);
    else rows.push([benchmark.name, 'not run', found.why, '']);
    continue;
  }
  for (const figure of found) {
    if (values.json) console.log(JSON.stringify(figure));
    else rows.push([figure.name, `${figure.value} ${figure.unit}`, figure.against, figure.runs]);
  }
}
if (!values.json) console.log(table(['BENCHMARK', 'FOUND', 'AGAINST', 'RUNS'], rows));
