import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DenseDataset } from '../../../../ingest/dataset/dataset.ts';
import { openDense } from '../../../../ingest/dataset/open.ts';
import type { LayerNumbers } from '../../../../ingest/dissection/numbers.ts';
import { dissectFile } from '../../../dissect-file.ts';
import { ALEXNET_FC, TINY } from '../../places.ts';
import { writeGraphModel } from './as-graph.ts';
import { writeLayersModel } from './as-layers.ts';
import { readChain } from './chain.ts';
import { parityOf } from './parity.ts';

const LAYERS = ['conv1', 'conv2', 'conv3', 'conv4', 'conv5'];
const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-parity-'));
afterAll(() => rmSync(folder, { recursive: true }));

let dense: DenseDataset;
let expected: LayerNumbers[];
const files = new Map<string, string>();

beforeAll(async () => {
  dense = await openDense(TINY);
  const chain = await readChain(ALEXNET_FC);
  files.set('layers', await writeLayersModel(path.join(folder, 'layers'), chain, 112));
  files.set('graph', writeGraphModel(path.join(folder, 'graph'), chain, 112));
  expected = await dissectFile(ALEXNET_FC, dense, LAYERS, [0.005], path.join(folder, 'onnx'));
});

describe.each(['layers', 'graph'])('a network rewritten as a %s model', (format) => {
  it('gives broden-tiny the same labels, and every IoU within a thousandth', async () => {
    const found = await dissectFile(files.get(format) as string, dense, LAYERS, [0.005], path.join(folder, `work-${format}`));
    const parities = found.map((numbers, i) => parityOf(expected[i], numbers, dense));
    expect(parities.map(({ units, agreeing }) => units - agreeing)).toEqual(LAYERS.map(() => 0));
    expect(Math.max(...parities.map(({ largestIouDifference }) => largestIouDifference))).toBeLessThan(1e-3);
  });

  it('has the layers, grids and receptive fields that it had', async () => {
    const found = await dissectFile(files.get(format) as string, dense, ['conv5'], [0.04], path.join(folder, `geometry-${format}`));
    expect(found[0].layer.grid).toEqual(expected[4].layer.grid);
    expect(found[0].layer.receptiveField).toEqual(expected[4].layer.receptiveField);
  });
});
