import type { Broden } from '../dataset/broden.ts';
import { scoreUnit } from '../dissect/score.ts';
import { TOP_IMAGES } from '../dissect/top-images.ts';
import type { UnitRecord } from '../write/record.ts';
import type { LayerNumbers } from './dissect.ts';

/** A layer's numbers as what the store keeps, unit after unit; scores are made as they are taken. */
export function* unitRecords(
  { layer, thresholds, tally, pixels, top }: LayerNumbers,
  { concepts, categories }: Broden,
): Iterable<UnitRecord> {
  const cells = layer.grid.height * layer.grid.width;
  const conceptCategories = concepts.map(({ category }) => categories.indexOf(category));
  for (let unit = 0; unit < layer.units; unit++) {
    const scored = scoreUnit(tally, unit, conceptCategories, categories.length, pixels);
    const first = unit * TOP_IMAGES;
    yield {
      index: unit,
      threshold: thresholds.values[unit],
      silent: thresholds.silent[unit] === 1,
      maxActivation: top.maxima[first],
      label: scored.label,
      iou: scored.iou,
      scores: scored.scores,
      categories: scored.categories.map((one) => ({ ...one, category: categories[one.category] })),
      topImages: Array.from({ length: top.counts[unit] }, (_, rank) => ({
        image: top.images[first + rank],
        maxActivation: top.maxima[first + rank],
        map: top.maps.subarray((first + rank) * cells, (first + rank + 1) * cells),
      })),
    };
  }
}
