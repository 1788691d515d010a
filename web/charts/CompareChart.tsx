import * as Plot from '@observablehq/plot';
import { useCallback, useMemo } from 'react';
import { categoryColour, categoryName, inPaperOrder } from '../category.ts';
import { short } from '../numbers.ts';
import { Chart } from './Chart.tsx';

interface Compared {
  layer: { name: string; model: { slug: string } };
  unitCount: number;
  byCategory: { category: string; uniqueDetectors: number }[];
}

/** Unique detectors of layers side by side, stacked by category: as counts, or over the layer's units. */
export default function CompareChart({ layers, ratio }: { layers: Compared[]; ratio: boolean }) {
  const bars = useMemo(
    () =>
      layers.flatMap(({ layer, unitCount, byCategory }) =>
        inPaperOrder(byCategory).map(({ category, uniqueDetectors }) => ({
          layer: `${layer.model.slug} ${layer.name}`,
          category,
          value: ratio ? uniqueDetectors / Math.max(1, unitCount) : uniqueDetectors,
        })),
      ),
    [layers, ratio],
  );
  const options = useCallback(
    (width: number): Plot.PlotOptions => {
      const names = [...new Set(bars.map(({ layer }) => layer))];
      const longest = Math.max(...names.map(({ length }) => length));
      return {
        width,
        height: names.length * 30 + 65,
        marginLeft: Math.min(0.45 * width, 7.2 * longest + 12),
        marginTop: 45,
        x: { label: ratio ? 'unique detectors over units' : 'unique detectors', grid: true, axis: 'top' },
        y: { domain: names, label: null, tickSize: 0 },
        style: { fontSize: '12px' },
        marks: [
          Plot.barX(bars, {
            x: 'value',
            y: 'layer',
            fill: ({ category }: (typeof bars)[number]) => categoryColour(category),
            insetTop: 3,
            insetBottom: 3,
            insetRight: 1,
            title: ({ layer, category, value }: (typeof bars)[number]) => `${layer}: ${categoryName(category)} ${short(value)}`,
          }),
          Plot.ruleX([0]),
        ],
        color: { type: 'identity' },
      };
    },
    [bars, ratio],
  );
  const categories = inPaperOrder(layers.at(0)?.byCategory ?? []).map(({ category }) => category);
  const rows = layers.map(({ layer, unitCount, byCategory }) => [
    layer.model.slug,
    layer.name,
    unitCount,
    ...categories.map((category) => byCategory.find((one) => one.category === category)?.uniqueDetectors ?? 0),
  ]);
  return (
    <Chart
      title="Unique detectors by layer and category"
      data={{ columns: ['model', 'layer', 'units', ...categories.map(categoryName)], rows }}
      options={options}
    />
  );
}
