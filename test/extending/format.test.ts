/**
 * What CONTRIBUTING.md says of adding a format of datasets: a folder, and a line in formats.ts. Here the rows are in
 * memory.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formats } from '../../ingest/dataset/formats.ts';
import { openDense } from '../../ingest/dataset/open.ts';
import { openNetwork } from '../../ingest/engine/open.ts';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../ingest/tasks/dissect-model.ts';
import { plainDissection } from '../ingest/math/segmentation/plain.ts';
import { ALEXNET_FC } from '../ingest/places.ts';
import { type Api, serve } from '../src/graphql/api.ts';
import { format } from './toy-format.ts';

const IMAGES = 20;
const TAU = 0.05;

let api: Api;
let folder: string;
beforeAll(async () => {
  formats.push(format);
  folder = await mkdtemp(path.join(tmpdir(), 'dissectory-toy-'));
  await writeFile(path.join(folder, 'how-many.toy'), String(IMAGES));
  api = await serve(async (store) => {
    await addDataset(store, folder, { slug: 'toy' });
    await addModel(store, ALEXNET_FC, { slug: 'net' });
    const asked = { model: 'net', dataset: 'toy', layers: ['conv5'], tau: TAU };
    await dissectModel(store, { ...asked, memory: 2 ** 26, home: folder, onProgress: () => {} });
  });
});
afterAll(async () => {
  formats.pop();
  await api?.close();
  await rm(folder, { recursive: true });
});

it('registers what the format gives: its own categories in their order, and how often each concept is seen', async () => {
  const { data, errors } = await api.ask(`{ dataset(slug: "toy") {
    imageCount categories { category conceptCount } concepts { nodes { name category frequency coverage } } } }`);
  expect(errors).toBeUndefined();
  const tables = Math.ceil(IMAGES / 3);
  expect(data).toEqual({
    dataset: {
      imageCount: IMAGES,
      categories: [
        { category: 'organ', conceptCount: 1 },
        { category: 'OBJECT', conceptCount: 2 },
      ],
      concepts: {
        nodes: [
          { name: 'liver', category: 'organ', frequency: IMAGES, coverage: (IMAGES * 36) / 256 },
          { name: 'scan', category: 'OBJECT', frequency: IMAGES, coverage: IMAGES },
          { name: 'table', category: 'OBJECT', frequency: tables, coverage: tables },
        ],
      },
    },
  });
});

it('dissects over it to the integers of a plain computation, ignored pixels left out, and the API tells of it', async () => {
  const { data, errors } = await api.ask<{ model: { layer: { dissection: { units: { nodes: UnitAnswer[] } } } } }>(
    `{ model(slug: "net") { layer(name: "conv5") { dissection(dataset: "toy", tau: ${TAU}) { units(first: 100) { nodes {
      index scores(first: 3) { concept { index } intersection union } } } } } } }`,
  );
  expect(errors).toBeUndefined();
  const { nodes } = data.model.layer.dissection.units;

  const dataset = await openDense(folder);
  const network = await openNetwork(ALEXNET_FC);
  const layer = network.layer('conv5');
  const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
  const runner = await network.start([layer], { normalisation, targets: ['onnx-cpu'] });
  const images = await Promise.all(dataset.rows.map((row) => dataset.readImage(row, network.inputHeight, network.inputWidth)));
  const activations: Float32Array[] = [];
  for (const image of images) activations.push((await runner.run(image, 1))[0]);
  await runner.close();
  const expected = plainDissection({
    grid: layer.grid,
    input: network.inputHeight,
    units: layer.units,
    activations,
    labels: await Promise.all(dataset.rows.map((row) => dataset.readLabels(row))),
    conceptCategories: dataset.concepts.map(({ category }) => dataset.categories.indexOf(category)),
    categories: dataset.categories.length,
    tau: TAU,
  });
  expect(nodes).toHaveLength(100);
  let compared = 0;
  for (const { index, scores } of nodes)
    for (const { concept, intersection, union } of scores) {
      compared++;
      expect(Math.abs(Number(intersection) - expected.intersections[index][concept.index])).toBeLessThanOrEqual(2);
      expect(Math.abs(Number(union) - expected.unions[index][concept.index])).toBeLessThanOrEqual(2);
    }
  expect(compared).toBeGreaterThan(100);
});

interface UnitAnswer {
  index: number;
  scores: { concept: { index: number }; intersection: string; union: string }[];
}
