import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DenseDataset } from '../../../ingest/dataset/dataset.ts';
import { openDense } from '../../../ingest/dataset/open.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import type { Store } from '../../../store/store.ts';
import { dissectFile } from '../../dissect-file.ts';
import { expectReference } from '../../golden/reference.ts';
import { readNpy } from '../../npy.ts';
import { sharedPath } from '../../shared.ts';
import { contentOf } from '../content.ts';
import { ALEXNET, ALEXNET_FC, reference, TINY } from '../places.ts';
import { request } from '../request.ts';
import { type TemporaryStore, temporaryStore } from '../temporary-store.ts';

let store: Store;
let home: string;
let remove: TemporaryStore['remove'] | undefined;
let dense: DenseDataset;

beforeAll(async () => {
  ({ store, home, remove } = await temporaryStore());
  dense = await openDense(TINY);
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET, { slug: 'scenes-alexnet' });
  await addModel(store, ALEXNET_FC, { slug: 'scenes-alexnet-fc' });
});
afterAll(() => remove?.());

const known = new Map<string, ReturnType<typeof contentOf>>();

/** What the store holds of the layer, computed for the first test that asks. */
async function dissected(model: string, layer: string, dataset = 'tiny') {
  const name = [model, layer, dataset].join();
  const content = known.get(name) ?? dissectNow(model, layer, dataset);
  known.set(name, content);
  return content;
}

async function dissectNow(model: string, layer: string, dataset: string) {
  const [{ id }] = await dissectModel(store, request(home, { model, dataset, layers: [layer] }));
  return contentOf(store, id);
}

const LAYERS = [
  ['scenes-alexnet-fc', 'conv5', ALEXNET_FC],
  ['scenes-alexnet', 'conv1', ALEXNET],
] as const;

describe.each(LAYERS)('broden-tiny dissected by %s, %s', (model, layer, file) => {
  const stem = reference(`${model}__${layer}`);
  const expected = JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as {
    units: { threshold: number; silent: boolean; concept: number }[];
  };

  it('equals the float64 reference in every count', async () => {
    const work = path.join(home, 'work', `${model}-${layer}`);
    const [numbers] = await dissectFile(file, dense, [layer], [0.005], work);
    expectReference(numbers, dense, stem);
  });

  it('is stored with the thresholds, silences and labels of the reference', async () => {
    const units = await dissected(model, layer);
    expect(units.map(({ index }) => index)).toEqual(expected.units.map((_, index) => index));
    for (const [index, unit] of units.entries()) {
      const { threshold, silent } = expected.units[index];
      expect(unit.silent).toBe(silent);
      expect(Math.abs((unit.threshold as number) - threshold)).toBeLessThanOrEqual(1e-5 * Math.abs(threshold));
    }
    expect(units.map(({ label }) => label)).toEqual(expected.units.map(({ concept }) => concept));
    expect(units.map(({ category }) => category)).toEqual(units.map(({ label }) => dense.concepts[label as number].category));
  });

  it('is stored with every score from IoU 0.01 up and the three best of each category, counts as in the reference', async () => {
    const units = await dissected(model, layer);
    const concepts = dense.concepts.length;
    const [intersections, unions, ious] = ['intersection', 'union', 'iou'].map((kind) => readNpy(`${stem}.${kind}.npy`));
    const faults: string[] = [];
    for (const { index, scores, iou } of units) {
      const own = ious.slice(index * concepts, (index + 1) * concepts);
      const thirdBest = new Map(
        dense.categories.map((category) => {
          const inCategory = own.filter((_, c) => dense.concepts[c].category === category).sort((a, b) => b - a);
          return [category, inCategory[2] ?? 0];
        }),
      );
      const stored = new Map(scores.map((score) => [score.concept, score]));
      for (const [concept, expectedIou] of own.entries()) {
        const score = stored.get(concept);
        const due = Math.max(0, Math.min(0.01, thirdBest.get(dense.concepts[concept].category) as number));
        if (!score) {
          if (expectedIou > due + 1e-4) faults.push(`unit ${index} lacks ${concept}`);
          continue;
        }
        const at = index * concepts + concept;
        if (expectedIou < due - 1e-4) faults.push(`unit ${index} has ${concept}`);
        if (Math.abs(Number(score.intersection) - intersections[at]) > Math.max(2, intersections[at] / 1000))
          faults.push(`unit ${index}, ${concept}: intersection ${score.intersection}`);
        if (Math.abs(Number(score.union) - unions[at]) > Math.max(2, unions[at] / 1000))
          faults.push(`unit ${index}, ${concept}: union ${score.union}`);
        if (score.iou !== Number(score.intersection) / Number(score.union)) faults.push(`unit ${index}, ${concept}: IoU ${score.iou}`);
      }
      if (iou !== Math.max(...scores.map((score) => score.iou))) faults.push(`unit ${index}: IoU ${iou} is not its best`);
    }
    expect(faults).toEqual([]);
  });

  it('is stored with the best concept of each category, whose truth is what the dataset says of it', async () => {
    const activated = readNpy(`${stem}.activated.npy`);
    for (const unit of await dissected(model, layer)) {
      expect(unit.categories).toHaveLength(dense.categories.length);
      for (const { category, activated: count, best, bestIou, bestIntersection, bestUnion } of unit.categories) {
        const { category: own, coverage } = dense.concepts[best as number];
        expect(own).toBe(category);
        expect(Number(bestUnion - count + bestIntersection)).toBe(Math.round((coverage as number) * 56 * 56));
        expect(bestIou).toBe(Number(bestIntersection) / Number(bestUnion));
        const expectedCount = activated[unit.index * dense.categories.length + dense.categories.indexOf(category)];
        expect(Math.abs(Number(count) - expectedCount)).toBeLessThanOrEqual(Math.max(2, expectedCount / 1000));
      }
    }
  });
});

describe('the top images of a unit', () => {
  it('are the ten images on which it fires most, with its maps there', async () => {
    const network = await openOnnx(ALEXNET_FC);
    const layer = network.layer('conv5');
    const runner = await network.start([layer], { normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } });
    const images = await Promise.all(dense.rows.map((row) => dense.readImage(row, network.inputHeight, network.inputWidth)));
    const [activations] = await runner.run(Buffer.concat(images), images.length);
    await runner.close();
    const cells = layer.grid.height * layer.grid.width;
    const mapOf = (image: number, unit: number) => [...activations.subarray((image * layer.units + unit) * cells).subarray(0, cells)];

    for (const unit of await dissected('scenes-alexnet-fc', 'conv5')) {
      const maxima = dense.rows.map((_, image) => ({ image, max: Math.max(...mapOf(image, unit.index)) }));
      const best = maxima.sort((a, b) => b.max - a.max || a.image - b.image).slice(0, 10);
      expect(unit.topImages.map(({ rank }) => rank)).toEqual(unit.topImages.map((_, i) => i + 1));
      expect(unit.maxActivation).toBe(unit.topImages[0].maxActivation);
      for (const [i, { image, maxActivation, map }] of unit.topImages.entries()) {
        expect(maxActivation).toBeCloseTo(best[i].max, 4);
        expect(Math.max(...map)).toBe(maxActivation);
        const largestDifference = Math.max(...mapOf(image, unit.index).map((value, cell) => Math.abs(map[cell] - value)));
        expect(largestDifference).toBeLessThan(1e-4);
      }
    }
  });
});

const green = sharedPath('zoo', 'broden-tiny-g');

describe.runIf(green)('broden-tiny with labels above 255', () => {
  it('gives what broden-tiny gives, to the last integer', async () => {
    await addDataset(store, green as string, { slug: 'green' });
    expect(await dissected('scenes-alexnet-fc', 'conv5', 'green')).toEqual(await dissected('scenes-alexnet-fc', 'conv5'));
  });
});
