import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDense } from '../../../ingest/dataset/open.ts';
import { openNetwork } from '../../../ingest/engine/open.ts';
import { scoreUnit } from '../../../ingest/math/segmentation/score.ts';
import { dissectFile } from '../../dissect-file.ts';
import { ALEXNET_FC, TINY } from '../places.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-vector-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('scores a classifier’s outputs with concepts of whole images, and with no others', async () => {
  const dense = await openDense(TINY);
  const tau = 0.1;
  const [numbers] = await dissectFile(ALEXNET_FC, dense, ['logits'], [tau], path.join(folder, 'work'));

  const network = await openNetwork(ALEXNET_FC);
  const runner = await network.start([network.layer('logits')], {
    normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  });
  const images = await Promise.all(dense.rows.map((row) => dense.readImage(row, 112, 112)));
  const [logits] = await runner.run(Buffer.concat(images), images.length);
  await runner.close();

  const labels = await Promise.all(dense.rows.map((row) => dense.readLabels(row)));
  const categoryOf = dense.concepts.map(({ category }) => dense.categories.indexOf(category));
  const pixels = 56 * 56;
  for (let unit = 0; unit < 16; unit++) {
    const values = dense.rows.map((_, image) => logits[image * 16 + unit]);
    // The (floor(tau * N) + 1)-th largest of N values
    const threshold = values.toSorted((a, b) => b - a)[Math.floor(tau * values.length)];
    const active = values.flatMap((value, image) => (value >= threshold - 1e-4 ? [image] : []));
    expect(active).toHaveLength(7);
    const { scores } = scoreUnit(numbers.parts.iou, unit, categoryOf, dense.categories.length, numbers.pixels, () => true);
    for (const { concept, intersection } of scores) {
      const { category } = dense.concepts[concept];
      const isWhole = category === 'SCENE' || category === 'TEXTURE';
      const held = active.filter((image) => labels[image].whole.includes(concept)).length;
      expect(intersection).toBe(isWhole ? held * pixels : 0);
    }
  }
});
