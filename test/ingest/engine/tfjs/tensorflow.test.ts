/** TensorFlow itself, through tfjs-node: where its binding was built (`npm run setup:tfjs`). */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openOnnx } from '../../../../ingest/engine/onnx/engine.ts';
import { openTfjs } from '../../../../ingest/engine/tfjs/engine.ts';
import { ALEXNET_FC } from '../../places.ts';
import { deviation, noise } from '../pixels.ts';
import { writeGraphModel } from './as-graph.ts';
import { writeLayersModel } from './as-layers.ts';
import { readChain } from './chain.ts';

const BINDING = path.join(import.meta.dirname, '../../../../node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node');
const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const isBuilt = existsSync(BINDING);
if (!isBuilt) console.log('not run: TensorFlow through tfjs-node, whose binding is not built (npm run setup:tfjs)');

const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-tensorflow-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(isBuilt)('TensorFlow through tfjs-node', () => {
  it.each(['layers', 'graph'] as const)('gives the activations of ONNX Runtime, of a %s model', async (kind) => {
    const chain = await readChain(ALEXNET_FC);
    const to = path.join(folder, kind);
    const networks = [
      await openTfjs(await (kind === 'layers' ? writeLayersModel : writeGraphModel)(to, chain, 112)),
      await openOnnx(ALEXNET_FC),
    ];
    const [found, expected] = await Promise.all(
      networks.map(async (network) => {
        const readings = ['conv1', 'conv5'].map((name) => network.layer(name));
        const targets = [network.format === 'TFJS' ? ('tfjs-tensorflow' as const) : ('onnx-cpu' as const)];
        const runner = await network.start(readings, { normalisation: NORMALISATION, targets });
        expect(runner.provider).toBe(network.format === 'TFJS' ? 'tensorflow' : 'cpu');
        const outputs = await runner.run(noise(4 * 112 * 112 * 3), 4);
        await runner.close();
        return outputs;
      }),
    );
    for (const [i, output] of found.entries()) expect(deviation(output, expected[i])).toBeLessThan(1e-5);
  });
});
