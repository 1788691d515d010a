import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDense } from '../../ingest/dataset/open.ts';
import { conceptsOf, inOrder, type ListedConcepts } from '../../ingest/dissection/concept-lists.ts';
import { dissect } from '../../ingest/dissection/dissect.ts';
import { subjectOf } from '../../ingest/dissection/subject.ts';
import { openNetwork } from '../../ingest/engine/open.ts';
import { categoriesOf } from '../../ingest/labelling/auc/auc.ts';
import { LABELLERS } from '../../ingest/labelling/labellers.ts';
import { aucsOf, risingOrder } from '../../ingest/math/labels/auc.ts';
import { readNpy } from '../npy.ts';
import { sharedPath } from '../shared.ts';

const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const METHODS = ['iou', 'auc_mean', 'auc_max', 'formula'] as const;

const zoo = sharedPath('zoo');
const references = sharedPath('labels');

interface ReferenceFormula {
  atoms: number[];
  ops: string[];
  iou: number;
  images: number;
}
interface ReferenceFormulas {
  one: ReferenceFormula;
  same_category: { two: ReferenceFormula; three: ReferenceFormula };
}

describe.runIf(zoo && references)('labels of units by several methods', () => {
  it.each(['scenes-alexnet-fc', 'objects-alexnet'])('AUCs of the reference’s own activations are exact: %s, conv5', async (model) => {
    const dense = await openDense(path.join(zoo as string, 'broden-mini'));
    const scratch = new Uint8Array(dense.concepts.length);
    const listed: ListedConcepts = { lists: [], present: [] };
    for (const row of dense.rows) {
      const labels = await dense.readLabels(row);
      listed.lists.push(conceptsOf(labels, scratch));
      listed.present.push(labels.present);
    }
    const categories = categoriesOf(
      subjectOf({ units: 128, kind: 'map' }, dense),
      inOrder(
        [listed],
        Uint32Array.from(dense.rows, ({ index }) => index),
      ),
    );
    for (const pool of ['mean', 'max']) {
      const stem = path.join(references as string, `${model}__conv5`);
      const [scores, U2s, errors] = [`score_${pool}`, `auc_${pool}.U2`, `auc_${pool}.se`].map((name) => readNpy(`${stem}.${name}.npy`));
      const faults: string[] = [];
      for (let unit = 0; unit < 128; unit++) {
        const own = dense.rows.map((_, image) => scores[image * 128 + unit]);
        const order = risingOrder(own);
        for (const { concept, U2, standardError } of categories.flatMap((category) => aucsOf(category, own, order))) {
          const at = unit * dense.concepts.length + concept;
          if (U2 !== U2s[at]) faults.push(`U2 of unit ${unit}, concept ${concept} by ${pool}: ${U2}, expected ${U2s[at]}`);
          if (!(Math.abs((standardError as number) - errors[at]) <= 1e-12)) faults.push(`error of unit ${unit}, concept ${concept}`);
        }
      }
      expect(faults).toEqual([]);
    }
  });

  it.each(['scenes-alexnet-fc', 'objects-alexnet'])(
    'equal the float64 references: %s, conv5',
    async (model) => {
      const dense = await openDense(path.join(zoo as string, 'broden-mini'));
      const network = await openNetwork(path.join(zoo as string, 'models', `${model}.onnx`));
      const layers = [network.layer('conv5')];
      const runner = await network.start(layers, { normalisation: NORMALISATION, targets: ['onnx-cpu'] });
      const workFolder = await mkdtemp(path.join(tmpdir(), 'dissectory-labels-'));
      try {
        const options = { dense, network, runner, layers, taus: [0.005], methods: METHODS, workFolder, memory: 2 ** 30, batchSize: 32 };
        const [numbers] = await dissect({ ...options, onProgress: () => {} });
        const { parts, activity, concepts } = numbers;
        const all = dense.concepts.map((_, concept) => concept);
        const observed = { subject: subjectOf(layers[0], dense, METHODS), labels: numbers, activity, concepts, kept: () => all };
        const stem = path.join(references as string, `${model}__conv5`);
        const of = (unit: number, concept: number) => unit * dense.concepts.length + concept;
        const faults: string[] = [];

        const errors = readNpy(`${stem}.iou_se.npy`);
        let unit = 0;
        for (const { scores } of LABELLERS.iou.finish({ ...observed, part: parts.iou })) {
          expect(scores).toHaveLength(all.length);
          for (const { concept, standardError } of scores) {
            const expected = errors[of(unit, concept)];
            // Counts by a pixel in a few units, as activations are those of another runtime
            if (!(Math.abs((standardError as number) - expected) <= Math.max(0.01 * expected, 1.4e-5)))
              faults.push(`error of unit ${unit}, concept ${concept}: ${standardError}, expected ${expected}`);
          }
          unit++;
        }
        expect(unit).toBe(layers[0].units);

        for (const [method, pool] of [
          ['auc_mean', 'mean'],
          ['auc_max', 'max'],
        ] as const) {
          const [aucs, doubts] = ['auc', 'se'].map((what) => readNpy(`${stem}.auc_${pool}.${what}.npy`));
          unit = 0;
          for await (const { labels, scores } of LABELLERS[method].finish({ ...observed, part: null })) {
            for (const { concept, score, standardError } of scores) {
              if (!(Math.abs(score - aucs[of(unit, concept)]) <= 1.1e-4))
                faults.push(`${method} of unit ${unit}, concept ${concept}: ${score}`);
              if (!(Math.abs((standardError as number) - doubts[of(unit, concept)]) <= 1.6e-5))
                faults.push(`error of ${method}, unit ${unit}, ${concept}`);
            }
            const best = Math.max(...all.map((concept) => aucs[of(unit, concept)]));
            expect(Math.abs(labels[0].score - best)).toBeLessThanOrEqual(1.1e-4);
            unit++;
          }
          expect(unit).toBe(layers[0].units);
        }
        const formulas = JSON.parse(await readFile(`${stem}.formulas.json`, 'utf8')).units as ReferenceFormulas[];
        let compared = 0;
        for (const [k, { labels }] of [...LABELLERS.formula.finish({ ...observed, part: parts.formula as never })].entries()) {
          const { one, same_category } = formulas[k];
          const expected = [one, same_category.two, same_category.three].filter(({ iou }, i, all) =>
            all.slice(0, i).every((shorter) => iou > shorter.iou),
          );
          // The references admit formulas that are true in 10 images, the product in 30.
          if (expected.some(({ images }) => images < 30)) continue;
          compared++;
          expect(labels.map(({ concepts: atoms, operators }) => [atoms, operators])).toEqual(
            expected.reverse().map(({ atoms, ops }) => [atoms, ops]),
          );
          for (const [i, { score }] of labels.entries()) expect(Math.abs(score - expected[i].iou)).toBeLessThanOrEqual(3.5e-5);
        }
        expect(compared).toBeGreaterThan(90);
        expect(faults).toEqual([]);
        expect(JSON.parse(await readFile(`${stem}.evidence.json`, 'utf8')).units).toHaveLength(unit);
      } finally {
        await runner.close();
        await rm(workFolder, { recursive: true });
      }
    },
    300_000,
  );
});
