import { expect } from 'vitest';
import type { DenseDataset } from '../../../../ingest/dataset/dataset.ts';
import type { LayerNumbers } from '../../../../ingest/dissection/numbers.ts';
import { scoreUnit } from '../../../../ingest/math/segmentation/score.ts';

export interface Parity {
  layer: string;
  units: number;
  /** Units that bear the same label through both engines. */
  agreeing: number;
  /** Over all units and concepts. */
  largestIouDifference: number;
}

/** Compares two dissections of one layer. */
export function parityOf(first: LayerNumbers, second: LayerNumbers, dense: DenseDataset): Parity {
  const { units, name } = first.layer;
  expect(second.layer.units).toBe(units);
  const concepts = dense.concepts.length;
  const categoryOf = dense.concepts.map(({ category }) => dense.categories.indexOf(category));
  let agreeing = 0;
  let largestIouDifference = 0;
  for (let unit = 0; unit < units; unit++) {
    const labels = [first, second].map(
      ({ parts: { iou: tally }, pixels }) => scoreUnit(tally, unit, categoryOf, dense.categories.length, pixels).label,
    );
    if (labels[0] === labels[1]) agreeing++;
    for (let concept = 0; concept < concepts; concept++) {
      const [a, b] = [first, second].map((numbers) => iou(numbers, unit, concept, concepts, dense.categories.length, categoryOf));
      largestIouDifference = Math.max(largestIouDifference, Math.abs(a - b));
    }
  }
  return { layer: name, units, agreeing, largestIouDifference };
}

function iou(
  { parts: { iou: tally }, pixels }: LayerNumbers,
  unit: number,
  concept: number,
  concepts: number,
  categories: number,
  categoryOf: number[],
): number {
  const intersection = tally.intersections[unit * (concepts + 1) + concept + 1];
  const union = tally.activated[unit * categories + categoryOf[concept]] + pixels[concept] - intersection;
  return union > 0 ? intersection / union : 0;
}
