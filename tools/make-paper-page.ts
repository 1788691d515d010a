/**
 * npx tsx tools/make-paper-page.ts ZOO: runs the paper's experiments on the networks and the dataset of ZOO
 * (models.json, models/, broden-mini/) and writes docs/reproducing-the-paper.md with its charts. What the store of
 * DISSECTORY_HOME has already is not computed again.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { addDataset } from '../ingest/tasks/add-dataset.ts';
import { addModel } from '../ingest/tasks/add-model.ts';
import { dissectModel } from '../ingest/tasks/dissect-model.ts';
import { dissectCheckpoints } from '../ingest/tasks/experiment/checkpoints.ts';
import { rotationExperiment } from '../ingest/tasks/experiment/rotation.ts';
import { tauSweep } from '../ingest/tasks/experiment/tau-sweep.ts';
import type { PlotRow } from '../ingest/tasks/export/bars.ts';
import { exportExperiment } from '../ingest/tasks/export/experiment.ts';
import { checkpointsOf, exportLayers } from '../ingest/tasks/export/layers.ts';
import { exportChanges, exportConcepts, exportIouSweep } from '../ingest/tasks/export/units.ts';
import { indexDataset } from '../ingest/tasks/index-dataset.ts';
import { openStore } from '../store/store.ts';
import { CATEGORIES, grouped, seriesByCategory, startPage, uniqueOf } from './paper-page.ts';

const ROOT = path.join(import.meta.dirname, '..');
const DATASET = 'broden-mini';
const COUNTING = { minIou: 0.04, rule: 'TOP_LABEL' } as const;
const ALPHAS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const SEEDS = [1, 2, 3, 4, 5];
const TAUS = [0.0025, 0.005, 0.01, 0.02, 0.04];
const BASES = ['scenes-alexnet-fc conv5', 'objects-alexnet conv5', 'scenes-resnet layer4', 'scenes-alexnet conv5'];
const FINE_TUNINGS = [
  ['objects-alexnet', 'objects-to-scenes'],
  ['scenes-alexnet', 'scenes-to-objects'],
];

const [zoo] = process.argv.slice(2);
const home = path.resolve(process.env.DISSECTORY_HOME ?? '.dissectory');
const settings = { batchSize: 32, memory: 2 ** 30, home, onProgress: () => {} };
const docs = path.join(ROOT, 'docs');
const page = startPage(docs, (await fs.readFile(path.join(ROOT, 'tools/paper-introduction.md'), 'utf8')).trimEnd());
const store = await openStore({ migrate: 'apply' });
try {
  await fs.mkdir(path.join(docs, 'paper'), { recursive: true });
  await addDataset(store, path.join(zoo, DATASET), { slug: DATASET });
  await indexDataset(store, DATASET, () => {});
  await architectures(await dissectZoo());
  await rotations();
  await taus();
  await ious();
  await training();
  await fineTuning();
  await concepts();
  await fs.writeFile(path.join(docs, 'reproducing-the-paper.md'), page.text());
} finally {
  await store.close();
}

async function dissectZoo(): Promise<string[]> {
  const list: { id: string; file: string; layers: { name: string }[] }[] = JSON.parse(
    await fs.readFile(path.join(zoo, 'models.json'), 'utf8'),
  );
  for (const { id, file, layers } of list) {
    console.error(id);
    await addModel(store, path.join(zoo, file), { slug: id });
    await dissectModel(store, { ...settings, model: id, dataset: DATASET, layers: [layers[layers.length - 1].name], tau: 0.005 });
  }
  return list.map(({ id }) => id);
}

async function architectures(models: string[]): Promise<void> {
  const rows = await exportLayers(
    store,
    models.filter((slug) => !slug.includes('@')),
    { ...COUNTING, dataset: DATASET, tau: 0.005, layer: null },
  );
  page.section(
    'Architectures, supervision, training conditions (3.3 to 3.8)',
    'dissectory export layers MODEL... --dataset broden-mini',
    'The deepest convolutional layer of every network.',
  );
  page.table(
    ['model', 'layer', 'units', 'training data', 'supervision', ...CATEGORIES, 'total', 'total / units'],
    grouped(rows, 'model'),
    (of) => [
      ...[of[0].model, of[0].layer, of[0].units, of[0].trainingData, of[0].supervision],
      ...[...CATEGORIES, 'total'].map((category) => uniqueOf(of, category)),
      Number(of[0].ratio).toFixed(2),
    ],
  );
  const groups = grouped(rows, 'model');
  await page.chart('architectures', {
    title: 'Unique detectors of the deepest convolutional layer',
    x: '',
    y: 'unique detectors',
    ticks: groups.map((of) => String(of[0].model)),
    series: seriesByCategory(groups),
    kind: 'stacked bars',
  });
}

async function rotations(): Promise<void> {
  const curves = [];
  for (const basis of BASES) {
    console.error(`rotation ${basis}`);
    const [model, layer] = basis.split(' ');
    const { id } = await rotationExperiment(store, {
      ...settings,
      model,
      layer,
      dataset: DATASET,
      tau: 0.005,
      alphas: ALPHAS,
      seeds: SEEDS,
    });
    curves.push({ basis, points: await exportExperiment(store, id, COUNTING) });
  }
  page.section(
    'Axis alignment (3.2, Fig. 7)',
    'dissectory experiment rotation scenes-alexnet-fc --layer conv5 --dataset broden-mini --alphas 0,0.2,..,1 --seeds 1..5',
    'Unique detectors after turning the units by Q^alpha: mean, and smallest to largest, over five rotations Q.',
  );
  page.table(['layer', ...ALPHAS], curves, ({ basis, points }) => [
    basis,
    ...points.map(({ mean, min, max }) => `${Number(mean).toFixed(1)} (${min} to ${max})`),
  ]);
  await page.chart('rotation', {
    title: 'Unique detectors against rotation',
    x: 'alpha',
    y: 'unique detectors',
    ticks: ALPHAS,
    series: curves.map(({ basis, points }) => ({ name: basis, values: points.map(({ mean }) => Number(mean)) })),
    kind: 'line',
  });
}

async function taus(): Promise<void> {
  const curves = [];
  for (const basis of BASES) {
    console.error(`taus ${basis}`);
    const [model, layer] = basis.split(' ');
    const { id } = await tauSweep(store, { ...settings, model, layer, dataset: DATASET, taus: TAUS });
    const totals = (await exportExperiment(store, id, COUNTING)).filter(({ category }) => category === 'total');
    curves.push({ name: basis, values: totals.map(({ uniqueDetectors }) => Number(uniqueDetectors)) });
  }
  page.section('Thresholds (4, Fig. 28)', 'dissectory experiment taus scenes-alexnet-fc --layer conv5 --dataset broden-mini');
  page.table(['unique detectors at tau', ...TAUS], curves, ({ name, values }) => [name, ...values]);
  await page.chart('taus', {
    title: 'Unique detectors against tau',
    x: 'tau',
    y: 'unique detectors',
    ticks: TAUS,
    series: curves,
    kind: 'line',
  });
}

async function ious(): Promise<void> {
  const minIous = Array.from({ length: 21 }, (_, i) => i / 100);
  const id = await dissectionOf('scenes-alexnet-fc');
  const [top, per] = [
    await exportIouSweep(store, id, minIous, COUNTING),
    await exportIouSweep(store, id, minIous, { ...COUNTING, rule: 'PER_CATEGORY' }),
  ];
  page.section('Thresholds of IoU (4, Fig. 29)', 'dissectory export iou-sweep scenes-alexnet-fc/conv5');
  page.table(
    ['IoU above', 'detectors', 'unique, TOP_LABEL', 'unique, PER_CATEGORY'],
    top.filter((_, i) => i % 2 === 0),
    (point) => [point.minIou, point.detectors, point.uniqueDetectors, per[top.indexOf(point)].uniqueDetectors],
  );
  const curve = (name: string, rows: PlotRow[], column: string) => ({ name, values: rows.map((row) => Number(row[column])) });
  await page.chart('ious', {
    title: 'scenes-alexnet-fc conv5: detectors against the threshold of IoU',
    x: 'IoU',
    y: '',
    ticks: minIous,
    series: [
      curve('detectors', top, 'detectors'),
      curve('unique, TOP_LABEL', top, 'uniqueDetectors'),
      curve('unique, PER_CATEGORY', per, 'uniqueDetectors'),
    ],
    kind: 'line',
  });
}

async function training(): Promise<void> {
  for (const series of ['scenes-alexnet', 'scenes-alexnet-fc']) {
    await dissectCheckpoints(store, { ...settings, series, dataset: DATASET, layer: 'conv5', tau: 0.005, onModel: () => {} });
    const groups = grouped(
      await exportLayers(store, await checkpointsOf(store, series), { ...COUNTING, dataset: DATASET, tau: 0.005, layer: 'conv5' }),
      'model',
    );
    page.section(`Training of ${series} (3.6, Fig. 17)`, `dissectory experiment checkpoints ${series} --layer conv5 --dataset broden-mini`);
    page.table(['iteration', 'accuracy', ...CATEGORIES, 'total'], groups, (of) => [
      of[0].iteration,
      of[0].accuracy,
      ...[...CATEGORIES, 'total'].map((category) => uniqueOf(of, category)),
    ]);
    await page.chart(`training-${series}`, {
      title: `${series} conv5: unique detectors over training`,
      x: 'iteration',
      y: 'unique detectors',
      ticks: groups.map((of) => String(of[0].iteration)),
      series: seriesByCategory(groups),
      kind: 'line',
    });
  }
}

async function fineTuning(): Promise<void> {
  page.section(
    'Fine-tuning (3.7, Fig. 20)',
    'dissectory export changes objects-alexnet/conv5 objects-to-scenes/conv5',
    'Units of conv5 before and after, by what became of their concept; and of the changed ones, how many stay in the category, and how far ' +
      'the colours of the old and the new concept overlap.',
  );
  const kinds = ['KEPT', 'CHANGED', 'LOST', 'GAINED', 'NEITHER'];
  const all: { name: string; rows: PlotRow[]; counts: number[] }[] = [];
  for (const [before, after] of FINE_TUNINGS) {
    const rows = await exportChanges(store, await dissectionOf(before), await dissectionOf(after), COUNTING);
    all.push({ name: `${before} to ${after}`, rows, counts: kinds.map((kind) => rows.filter(({ change }) => change === kind).length) });
  }
  page.table(
    ['', ...kinds.map((kind) => kind.toLowerCase()), 'share kept', 'same category', 'mean overlap of colours'],
    all,
    ({ name, rows, counts }) => {
      const changed = rows.filter(({ change }) => change === 'CHANGED');
      const colors = changed.flatMap(({ colorSimilarity }) => (colorSimilarity === null ? [] : Number(colorSimilarity)));
      const mean = colors.reduce((sum, value) => sum + value, 0) / colors.length;
      return [
        name,
        ...counts,
        (counts[0] / (counts[0] + counts[1])).toFixed(2),
        changed.filter(({ sameCategory }) => sameCategory === 1).length,
        mean.toFixed(2),
      ];
    },
  );
  await page.chart('fine-tuning', {
    title: 'What became of the units of conv5',
    x: '',
    y: 'units',
    ticks: all.map(({ name }) => name),
    series: kinds.map((kind, i) => ({ name: kind.toLowerCase(), values: all.map(({ counts }) => counts[i]) })),
    kind: 'stacked bars',
  });
}

async function concepts(): Promise<void> {
  const rows = (await exportConcepts(store, await dissectionOf('scenes-alexnet-fc'), COUNTING)).slice(0, 20);
  page.section('Detectors of one concept (Fig. 10, 11)', 'dissectory export concepts scenes-alexnet-fc/conv5');
  page.table(['concept', 'category', 'detectors', 'mean IoU'], rows, (row) => [
    row.concept,
    row.category,
    row.detectors,
    Number(row.meanIou).toFixed(3),
  ]);
  await page.chart('concepts', {
    title: 'scenes-alexnet-fc conv5: detectors of each concept',
    x: '',
    y: 'detectors',
    ticks: rows.map(({ concept }) => String(concept)),
    series: [{ name: 'detectors', values: rows.map(({ detectors }) => Number(detectors)) }],
    kind: 'stacked bars',
  });
}

/** Of the deepest layer, at tau 0.005. */
async function dissectionOf(model: string): Promise<number> {
  const where = { tau: 0.005, current: true, basis: 'IDENTITY' as const, dataset: { slug: DATASET }, layer: { model: { slug: model } } };
  return (await store.prisma.dissection.findFirstOrThrow({ where, orderBy: { layer: { index: 'desc' } } })).id;
}
