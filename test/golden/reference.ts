import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { DenseDataset } from '../../ingest/dataset/dataset.ts';
import type { LayerNumbers } from '../../ingest/dissection/numbers.ts';
import { scoreUnit } from '../../ingest/math/segmentation/score.ts';
import { TOP_IMAGES } from '../../ingest/math/segmentation/top-images.ts';
import { readNpy } from '../npy.ts';

interface ReferenceUnit {
  threshold: number;
  silent: boolean;
  concept: number;
}

interface Reference {
  unique_detectors: Record<string, number>;
  units: ReferenceUnit[];
}

/** Float rounding at mask borders may move a pixel; relative, but always two pixels. */
const COUNT_TOLERANCE = 1e-3;
const TIE = 1e-4;

/**
 * Compares a dissection with the float64 reference at `stem` (`stem.json`, `stem.intersection.npy`, ...), everything
 * within its tolerance.
 */
export function expectReference(numbers: LayerNumbers, dense: DenseDataset, stem: string): void {
  const reference = JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as Reference;
  const {
    thresholds,
    parts: { iou: tally },
    pixels,
    layer,
  } = numbers;
  const concepts = dense.concepts.length;
  const [intersections, unions, ious] = ['intersection', 'union', 'iou'].map((kind) => readNpy(`${stem}.${kind}.npy`));
  const conceptCategories = dense.concepts.map(({ category }) => dense.categories.indexOf(category));
  expect(reference.units).toHaveLength(layer.units);
  const labels = new Set<number>();
  const referenceLabels = new Set<number>();
  // Hundreds of thousands of comparisons: those that fail are listed, one assertion checks that there are none.
  const faults: string[] = [];
  const within = (what: string, value: number, expected: number, tolerance: number) => {
    if (!(Math.abs(value - expected) <= tolerance)) faults.push(`${what} is ${value}, expected ${expected}`);
  };
  let ties = 0;
  for (const [unit, expected] of reference.units.entries()) {
    const scale = Math.max(Math.abs(expected.threshold), numbers.top.maxima[unit * TOP_IMAGES] * 1e-3);
    within(`threshold of unit ${unit}`, thresholds.values[unit], expected.threshold, 1e-5 * scale);
    within(`silence of unit ${unit}`, thresholds.silent[unit], Number(expected.silent), 0);
    for (let concept = 0; concept < concepts; concept++) {
      const at = unit * concepts + concept;
      const intersection = tally.intersections[unit * (concepts + 1) + concept + 1];
      const union = tally.activated[unit * dense.categories.length + conceptCategories[concept]] + pixels[concept] - intersection;
      const where = `of unit ${unit}, ${dense.concepts[concept].name}`;
      within(`intersection ${where}`, intersection, intersections[at], Math.max(2, intersections[at] * COUNT_TOLERANCE));
      within(`union ${where}`, union, unions[at], Math.max(2, unions[at] * COUNT_TOLERANCE));
      within(`IoU ${where}`, union > 0 ? intersection / union : 0, ious[at], 1e-3);
    }
    const { label, iou } = scoreUnit(tally, unit, conceptCategories, dense.categories.length, pixels);
    if (label !== expected.concept) {
      within(`IoU of the label of unit ${unit}`, ious[unit * concepts + (label as number)], ious[unit * concepts + expected.concept], TIE);
      ties++;
    }
    if (iou > 0.04) labels.add(label as number);
    if (ious[unit * concepts + expected.concept] > 0.04) referenceLabels.add(expected.concept);
  }
  expect(faults).toEqual([]);
  expect(referenceLabels.size).toBe(reference.unique_detectors.total);
  if (ties === 0) expect(labels).toEqual(referenceLabels);
}
