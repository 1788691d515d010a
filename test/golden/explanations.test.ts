import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { contributions, headInputs, rankUnits, scoreOf } from '../../core/explanation.ts';
import { bytesToFloats } from '../../core/floats.ts';
import { openedLayers } from '../../ingest/heads/features/opened-layers.ts';
import { loadHead } from '../../ingest/heads/linear-head.ts';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { explainImage } from '../../ingest/tasks/explain-image.ts';
import { deviation } from '../ingest/engine/pixels.ts';
import { eachWithStore } from '../ingest/write/open.ts';
import { sharedPath } from '../shared.ts';

interface Reference {
  images: {
    index_row: number;
    image: string;
    runtime_logits: number[];
    predicted: number;
    predicted_class: string;
    feature_sum: number[];
    contributions: number[];
    bias: number;
    top5: { unit: number; contribution: number; weight: number }[];
  }[];
}

const zoo = sharedPath('zoo');
const test = eachWithStore();

it.runIf(zoo)('explains twenty images as the reference does: top units, contributions, scores', { timeout: 120_000 }, async () => {
  const reference: Reference = JSON.parse(readFileSync(`${zoo}/reference/broden-mini/explanations.json`, 'utf8'));
  await addDataset(test.store, `${zoo}/broden-mini`, { slug: 'mini' });
  await addModel(test.store, `${zoo}/models/scenes-alexnet.onnx`, { slug: 'alexnet' });
  const opened = openedLayers(test.store, { targets: ['onnx-cpu'] });
  const images = await test.store.prisma.image.findMany({ orderBy: { index: 'asc' } });
  expect(reference.images).toHaveLength(20);
  for (const expected of reference.images) {
    const image = images[expected.index_row];
    expect(image.file).toBe(expected.image);
    const { head: id } = await explainImage(test.store, opened, { model: 'alexnet', image: image.id });
    const head = await loadHead(test.store, id);
    const prediction = await test.store.prisma.prediction.findFirstOrThrow({ where: { imageId: image.id } });
    const feature = await test.store.prisma.feature.findFirstOrThrow({ where: { imageId: image.id } });
    const { weights, bias, name } = head.classes[prediction.predicted];
    const sums = bytesToFloats(feature.sums);
    const inputs = headInputs(head.kind, sums, head.layer.gridHeight * head.layer.gridWidth);
    const contributed = contributions(weights, inputs);
    expect([prediction.predicted, name]).toEqual([expected.predicted, expected.predicted_class]);
    expect(rankUnits(contributed).slice(0, 5)).toEqual(expected.top5.map(({ unit }) => unit));
    expect(Array.from(rankUnits(contributed).slice(0, 5), (unit) => weights[unit])).toEqual(expected.top5.map(({ weight }) => weight));
    expect(bias).toBe(expected.bias);
    expect(deviation(sums, expected.feature_sum)).toBeLessThan(1e-6);
    expect(deviation(contributed, expected.contributions)).toBeLessThan(1e-6);
    const scores = head.classes.map((one) => scoreOf(one.weights, one.bias, inputs));
    expect(deviation(scores, expected.runtime_logits)).toBeLessThan(1e-6);
  }
  await opened.close();
});
