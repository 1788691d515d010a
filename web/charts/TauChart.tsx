import * as Plot from '@observablehq/plot';
import { useCallback } from 'react';
import { Chart } from './Chart.tsx';

interface Dissection {
  tau: number;
  detectors: number;
  uniqueDetectors: number;
}

/** Detectors and unique detectors against the share of activations above the threshold. */
export default function TauChart({ dissections }: { dissections: Dissection[] }) {
  const options = useCallback(
    (width: number): Plot.PlotOptions => {
      const points = dissections.flatMap(({ tau, detectors, uniqueDetectors }) => [
        { tau, count: detectors, what: 'detectors' },
        { tau, count: uniqueDetectors, what: 'unique detectors' },
      ]);
      return {
        width: Math.min(width, 760),
        height: 320,
        marginLeft: 45,
        marginRight: 110,
        x: { type: 'log', label: 'tau', grid: true, ticks: dissections.map(({ tau }) => tau), tickFormat: String },
        y: { label: 'units or concepts', domain: [0, Math.max(1, ...points.map(({ count }) => count))], nice: true, grid: true },
        marks: [
          ...['detectors', 'unique detectors'].map((what) =>
            Plot.line(
              points.filter((point) => point.what === what),
              { x: 'tau', y: 'count', stroke: 'var(--accent)', strokeWidth: 2, strokeDasharray: what === 'detectors' ? '5 4' : undefined },
            ),
          ),
          Plot.dot(points, {
            x: 'tau',
            y: 'count',
            r: 3,
            fill: 'var(--accent)',
            title: ({ what, count, tau }) => `${count} ${what} at tau ${tau}`,
          }),
          Plot.text(points, Plot.selectLast({ x: 'tau', y: 'count', z: 'what', text: 'what', dx: 8, textAnchor: 'start' })),
        ],
      };
    },
    [dissections],
  );
  const rows = dissections.map(({ tau, detectors, uniqueDetectors }) => [tau, detectors, uniqueDetectors]);
  return <Chart title="Detectors against tau" data={{ columns: ['tau', 'detectors', 'unique detectors'], rows }} options={options} />;
}
