import * as Plot from '@observablehq/plot';
import { useCallback, useMemo } from 'react';
import { Chart } from './Chart.tsx';

interface Point {
  alpha: number;
  uniqueDetectors: { mean: number; min: number; max: number };
  runs: { seed?: number | null; uniqueDetectors: number }[];
}

/** Unique detectors against how far the basis is turned: the mean, the range and each rotation. */
export default function RotationChart({ rotation }: { rotation: Point[] }) {
  const runs = useMemo(() => rotation.flatMap(({ alpha, runs }) => runs.map((run) => ({ alpha, ...run }))), [rotation]);
  const options = useCallback(
    (width: number): Plot.PlotOptions => ({
      width: Math.min(width, 760),
      height: 340,
      marginLeft: 45,
      x: { label: 'alpha', domain: [0, Math.max(...rotation.map(({ alpha }) => alpha))], inset: 10 },
      y: {
        label: 'unique detectors',
        domain: [0, Math.max(1, ...rotation.map(({ uniqueDetectors }) => uniqueDetectors.max))],
        nice: true,
        grid: true,
      },
      marks: [
        Plot.areaY(rotation, {
          x: 'alpha',
          y1: (p: Point) => p.uniqueDetectors.min,
          y2: (p: Point) => p.uniqueDetectors.max,
          fill: 'var(--accent)',
          fillOpacity: 0.18,
        }),
        Plot.line(rotation, { x: 'alpha', y: (p: Point) => p.uniqueDetectors.mean, stroke: 'var(--accent)', strokeWidth: 2 }),
        Plot.dot(runs, {
          x: 'alpha',
          y: 'uniqueDetectors',
          r: 3,
          fill: 'var(--accent)',
          title: ({ alpha, seed, uniqueDetectors }: (typeof runs)[number]) =>
            `alpha ${alpha}, ${seed == null ? 'own basis' : `seed ${seed}`}: ${uniqueDetectors}`,
        }),
      ],
    }),
    [rotation, runs],
  );
  const rows = runs.map(({ alpha, seed, uniqueDetectors }) => [alpha, seed ?? '', uniqueDetectors]);
  return <Chart title="Unique detectors against alpha" data={{ columns: ['alpha', 'seed', 'unique detectors'], rows }} options={options} />;
}
