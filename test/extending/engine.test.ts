/**
 * What CONTRIBUTING.md says of adding an engine: a folder, a line in each of two tables. Here the folder is a function
 * of the pixels.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENGINE_DEVICES, type EngineFormat } from '../../core/targets.ts';
import { openDense } from '../../ingest/dataset/open.ts';
import type { LayerInfo, Network } from '../../ingest/engine/engine.ts';
import { ENGINES, type Engine } from '../../ingest/engine/engines.ts';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../ingest/tasks/dissect-model.ts';
import { plainDissection } from '../ingest/math/segmentation/plain.ts';
import { TINY } from '../ingest/places.ts';
import { type Api, serve } from '../src/graphql/api.ts';

const SIZE = 32;
const CELLS = 8;
const CELL = SIZE / CELLS;

/** Units are red, green and blue: of the first pixel of each cell of 4 x 4. */
function colours(pixels: Uint8Array, count: number): Float32Array {
  const maps = new Float32Array(count * 3 * CELLS * CELLS);
  for (let image = 0; image < count; image++)
    for (let unit = 0; unit < 3; unit++)
      for (let y = 0; y < CELLS; y++)
        for (let x = 0; x < CELLS; x++)
          maps[((image * 3 + unit) * CELLS + y) * CELLS + x] = pixels[((image * SIZE + y * CELL) * SIZE + x * CELL) * 3 + unit];
  return maps;
}

const GRID = { height: CELLS, width: CELLS, offsetY: 0, offsetX: 0, strideY: CELL, strideX: CELL };
const LAYER: LayerInfo = {
  name: 'colours',
  tensor: 'colours',
  node: null,
  module: null,
  operator: 'First',
  aliases: [],
  index: 0,
  kind: 'map',
  units: 3,
  grid: GRID,
  receptiveField: { height: 1, width: 1 },
  listed: true,
};

const TOY = 'TOY' as EngineFormat;
const toyEngine: Engine = {
  ending: '.toy',
  fileOfFolder: null,
  card: (name) => `${name}.json`,
  requireDevice: async () => {},
  open: async (): Promise<Network> => ({
    format: TOY,
    sha256: 'toy',
    inputHeight: SIZE,
    inputWidth: SIZE,
    channels: 'RGB',
    usualNormalisation: { mean: [0], std: [1] },
    layers: [LAYER],
    rewriteTolerance: null,
    unreadable: [],
    notes: [],
    layer: () => LAYER,
    ownHead: async () => null,
    rerun: async () => null,
    start: async (readings) => ({
      engine: 'toy',
      engineVersion: '1',
      provider: 'abacus',
      passedOver: [],
      batchSize: 7,
      run: async (pixels, count) => readings.map(() => colours(pixels, count)),
      close: async () => {},
    }),
  }),
};

let api: Api;
let folder: string;
beforeAll(async () => {
  Object.assign(ENGINES, { TOY: toyEngine });
  Object.assign(ENGINE_DEVICES, { TOY: { runtime: 'Toy', devices: ['abacus'], everywhere: ['abacus'] } });
  folder = await mkdtemp(path.join(tmpdir(), 'dissectory-toy-'));
  await writeFile(path.join(folder, 'colours.toy'), 'red, green, blue');
  api = await serve(async (store) => {
    await addDataset(store, TINY, { slug: 'tiny' });
    await addModel(store, path.join(folder, 'colours.toy'), { slug: 'colours' });
    const asked = { model: 'colours', dataset: 'tiny', layers: ['colours'], tau: 0.02 };
    await dissectModel(store, { ...asked, memory: 2 ** 26, home: folder, onProgress: () => {} });
  });
});
afterAll(async () => {
  await api?.close();
  await rm(folder, { recursive: true });
});

it('dissects what the engine gives, to the integers of a plain computation, and the API tells of it', async () => {
  const dataset = await openDense(TINY);
  const images = await Promise.all(dataset.rows.map((row) => dataset.readImage(row, SIZE, SIZE)));
  const labels = await Promise.all(dataset.rows.map((row) => dataset.readLabels(row)));
  const expected = plainDissection({
    grid: GRID,
    input: SIZE,
    units: 3,
    activations: images.map((pixels) => colours(pixels, 1)),
    labels,
    conceptCategories: dataset.concepts.map(({ category }) => dataset.categories.indexOf(category)),
    categories: dataset.categories.length,
    tau: 0.02,
  });
  const { data, errors } = await api.ask<{ model: { layer: { dissection: { provenance: object; units: { edges: UnitAnswer[] } } } } }>(
    `{ model(slug: "colours") { layer(name: "colours") { dissection(dataset: "tiny", tau: 0.02) {
      provenance { engine provider } units(first: 3) { edges { node {
        index threshold scores(first: 5) { concept { index } intersection union } } } } } } } }`,
  );
  expect(errors).toBeUndefined();
  const { provenance, units } = data.model.layer.dissection;
  expect(provenance).toEqual({ engine: 'toy', provider: 'abacus' });
  expect(units.edges.map(({ node }) => node.index)).toEqual([0, 1, 2]);
  for (const { node } of units.edges) {
    expect(node.threshold).toBe(expected.thresholds[node.index]);
    expect(node.scores).toHaveLength(5);
    for (const { concept, intersection, union } of node.scores) {
      expect(Number(intersection)).toBe(expected.intersections[node.index][concept.index]);
      expect(Number(union)).toBe(expected.unions[node.index][concept.index]);
    }
  }
});

interface UnitAnswer {
  node: {
    index: number;
    threshold: number;
    scores: { concept: { index: number }; intersection: string; union: string }[];
  };
}
