import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDense } from '../../ingest/dataset/open.ts';
import { dissectFile } from '../dissect-file.ts';
import { writeGraphModel } from '../ingest/engine/tfjs/as-graph.ts';
import { writeLayersModel } from '../ingest/engine/tfjs/as-layers.ts';
import { readChain } from '../ingest/engine/tfjs/chain.ts';
import { parityOf } from '../ingest/engine/tfjs/parity.ts';
import { ALEXNET_FC } from '../ingest/places.ts';
import { sharedPath } from '../shared.ts';

const LAYERS = ['conv1', 'conv2', 'conv3', 'conv4', 'conv5'];
const mini = sharedPath('zoo', 'broden-mini');
const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-parity-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(mini)('scenes-alexnet-fc over broden-mini', () => {
  it('has the same labels, and every IoU within a thousandth, as ONNX, as layers model and as graph model', async () => {
    const dense = await openDense(mini as string);
    const chain = await readChain(ALEXNET_FC);
    const through = (file: string, name: string) => dissectFile(file, dense, LAYERS, [0.005], path.join(folder, `work-${name}`));
    const onnx = await through(ALEXNET_FC, 'onnx');
    const rewritten = {
      layers: await through(await writeLayersModel(path.join(folder, 'layers'), chain, 112), 'layers'),
      graph: await through(writeGraphModel(path.join(folder, 'graph'), chain, 112), 'graph'),
    };
    for (const [format, found] of Object.entries(rewritten)) {
      for (const [i, numbers] of found.entries()) {
        const { layer, units, agreeing, largestIouDifference } = parityOf(onnx[i], numbers, dense);
        console.log(`${format} model, ${layer}: ${agreeing} of ${units} labels agree, largest IoU difference ${largestIouDifference}`);
        expect(agreeing).toBe(units);
        expect(largestIouDifference).toBeLessThan(1e-3);
      }
    }
  }, 560_000);
});
