import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DenseDataset } from '../../ingest/dataset/dataset.ts';
import { openDense } from '../../ingest/dataset/open.ts';
import { dissect } from '../../ingest/dissection/dissect.ts';
import type { LayerNumbers } from '../../ingest/dissection/numbers.ts';
import type { Network, Reading } from '../../ingest/engine/engine.ts';
import { openOnnx } from '../../ingest/engine/onnx/engine.ts';
import { rotationPowers } from '../../ingest/math/rotation/power.ts';
import { scoreUnit } from '../../ingest/math/segmentation/score.ts';
import { readNpy } from '../npy.ts';
import { sharedPath } from '../shared.ts';

const ALPHAS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const TAUS = [0.0025, 0.005, 0.01, 0.02, 0.04];
const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

interface Run {
  seed: number;
  alpha: number;
  unique_detectors: { total: number };
  labels: number[];
}

interface Sweep {
  sweep: { tau: number; thresholds: number[]; unique_detectors: { total: number }; labels?: number[] }[];
}

const zoo = sharedPath('zoo');

/**
 * The references take S >= T for every unit; the mask of a silent unit is S > T. So where units are silent (they are
 * marked so), only the others can be compared; no unit of a turned basis is.
 */
describe.runIf(zoo)('bases and taus over broden-mini', () => {
  it.each([
    ['scenes-alexnet-fc', 'conv5'],
    ['objects-alexnet', 'conv5'],
    ['scenes-resnet', 'layer4'],
    ['scenes-alexnet', 'conv5'],
  ])(
    'equal the float64 references with their own rotation: %s %s',
    async (model, name) => {
      const root = zoo as string;
      const dense = await openDense(path.join(root, 'broden-mini'));
      const stem = path.join(root, 'reference/broden-mini', `rotation__${model}__${name}`);
      const sweepFile = path.join(root, 'reference/broden-mini', `tau_sweep__${model}__${name}.json`);
      const { runs } = JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as { runs: Run[] };
      const { sweep } = JSON.parse(readFileSync(sweepFile, 'utf8')) as Sweep;
      const turnedThresholds = readNpy(`${stem}.thresholds.npy`);

      const network = await openOnnx(path.join(root, 'models', `${model}.onnx`));
      const layer = network.layer(name);
      const { units } = layer;
      const q = Float64Array.from(readNpy(`${stem}.Q.npy`)).subarray(0, units * units);
      const power = rotationPowers(q, units);
      const alphas = [0.4, 1];
      const turned = alphas.map((alpha) => ({ ...layer, rotation: Float32Array.from(power(alpha)) }));
      const own = await numbersOf(dense, network, [layer], TAUS);
      const atAlphas = await numbersOf(dense, network, turned, [0.005]);

      for (const [t, { tau, thresholds, unique_detectors }] of sweep.entries()) {
        expect(own[t].tau).toBe(tau);
        expect(worstThreshold(own[t], thresholds)).toBeLessThan(1e-5);
        if (!own[t].thresholds.silent.includes(1)) expect(labelsOf(own[t], dense).size).toBe(unique_detectors.total);
      }
      for (const [i, alpha] of alphas.entries()) {
        const found = atAlphas[i];
        const at = ALPHAS.indexOf(alpha) * units;
        expect(worstThreshold(found, turnedThresholds.slice(at, at + units))).toBeLessThan(1e-4);
        expect([...found.thresholds.silent]).not.toContain(1);
        const expected = runs.find((run) => run.seed === 0 && run.alpha === alpha) as Run;
        expect(labelsOf(found, dense)).toEqual(new Set(expected.labels.filter((label) => label >= 0)));
        expect(expected.unique_detectors.total).toBe(labelsOf(found, dense).size);
      }
    },
    180_000,
  );
});

async function numbersOf(
  dense: DenseDataset,
  network: Network,
  layers: readonly Reading[],
  taus: readonly number[],
): Promise<LayerNumbers[]> {
  const runner = await network.start(layers, { normalisation: NORMALISATION });
  const workFolder = await mkdtemp(path.join(tmpdir(), 'dissectory-golden-'));
  try {
    return await dissect({ dense, network, runner, layers, taus, workFolder, memory: 2 ** 30, batchSize: 32, onProgress: () => {} });
  } finally {
    await runner.close();
    await rm(workFolder, { recursive: true });
  }
}

/** Largest difference, relative to the threshold or to 1. */
function worstThreshold({ thresholds }: LayerNumbers, expected: readonly number[]): number {
  return Math.max(...expected.map((value, k) => Math.abs(thresholds.values[k] - value) / Math.max(1, Math.abs(value))));
}

/** Concepts that label a detector. */
function labelsOf({ layer, parts: { iou: tally }, pixels }: LayerNumbers, { concepts, categories }: DenseDataset): Set<number | null> {
  const conceptCategories = concepts.map(({ category }) => categories.indexOf(category));
  const scored = Array.from({ length: layer.units }, (_, unit) => scoreUnit(tally, unit, conceptCategories, categories.length, pixels));
  return new Set(scored.filter(({ iou }) => iou > 0.04).map(({ label }) => label));
}
