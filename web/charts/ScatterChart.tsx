import * as Plot from '@observablehq/plot';
import { useCallback, useMemo } from 'react';
import { share } from '../numbers.ts';
import { Chart } from './Chart.tsx';

interface Compared {
  layer: { name: string; model: { slug: string; accuracy?: number | null } };
  uniqueDetectors: number;
}

/** Accuracy of networks against the unique detectors of their layers. */
export default function ScatterChart({ layers }: { layers: Compared[] }) {
  const points = useMemo(
    () =>
      layers.flatMap(({ layer, uniqueDetectors }) =>
        layer.model.accuracy == null
          ? []
          : [{ model: layer.model.slug, layer: layer.name, accuracy: layer.model.accuracy, uniqueDetectors }],
      ),
    [layers],
  );
  const options = useCallback(
    (width: number): Plot.PlotOptions => ({
      width: Math.min(width, 760),
      height: 340,
      marginLeft: 50,
      marginRight: 120,
      x: {
        label: 'unique detectors',
        domain: [0, Math.max(1, ...points.map(({ uniqueDetectors }) => uniqueDetectors))],
        nice: true,
        grid: true,
      },
      y: { label: 'accuracy', domain: [0, 1], tickFormat: share, grid: true },
      marks: [
        Plot.dot(points, {
          x: 'uniqueDetectors',
          y: 'accuracy',
          r: 4,
          fill: 'var(--accent)',
          title: ({ model, layer, accuracy, uniqueDetectors }: (typeof points)[number]) =>
            `${model}, ${layer}: ${uniqueDetectors} unique detectors, accuracy ${share(accuracy)}`,
        }),
        ...(points.length <= 12
          ? [Plot.text(points, { x: 'uniqueDetectors', y: 'accuracy', text: 'model', dx: 8, textAnchor: 'start' })]
          : []),
      ],
    }),
    [points],
  );
  if (points.length === 0) return <p className="soft">No accuracy is known of these models: `dissectory model add --accuracy` says it.</p>;
  return (
    <Chart
      title="Accuracy against unique detectors"
      data={{
        columns: ['model', 'layer', 'accuracy', 'unique detectors'],
        rows: points.map(({ model, layer, accuracy, uniqueDetectors }) => [model, layer, accuracy, uniqueDetectors]),
      }}
      options={options}
    />
  );
}
