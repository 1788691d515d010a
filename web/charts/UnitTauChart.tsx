import * as Plot from '@observablehq/plot';
import { useCallback, useMemo } from 'react';
import { useLater } from '../api/answer.ts';
import { categoryColour } from '../category.ts';
import { TauCurvesDocument } from '../generated/documents.ts';
import { TroubleText } from '../parts/Trouble.tsx';
import { Waiting } from '../parts/Waiting.tsx';
import { Chart } from './Chart.tsx';

/** One unit's IoU with each concept that is its label at some tau. */
export default function UnitTauChart(variables: { id: string; unit: number }) {
  const { data, error } = useLater(TauCurvesDocument, variables);
  const curves = data?.node && 'iouAgainstTau' in data.node ? data.node.iouAgainstTau : null;
  const points = useMemo(
    () =>
      (curves ?? []).flatMap(({ concept, points }) =>
        points.flatMap(({ tau, iou }) => (iou == null ? [] : [{ tau, iou, name: concept.name, category: concept.category }])),
      ),
    [curves],
  );
  const options = useCallback(
    (width: number): Plot.PlotOptions => ({
      width: Math.min(width, 760),
      height: 320,
      marginLeft: 45,
      marginRight: 110,
      x: { type: 'log', label: 'tau', grid: true, ticks: [...new Set(points.map(({ tau }) => tau))], tickFormat: String },
      y: { label: 'IoU', domain: [0, Math.max(0.05, ...points.map(({ iou }) => iou))], nice: true, grid: true },
      color: { type: 'identity' },
      marks: [
        Plot.line(points, { x: 'tau', y: 'iou', z: 'name', stroke: ({ category }) => categoryColour(category), strokeWidth: 2 }),
        Plot.dot(points, {
          x: 'tau',
          y: 'iou',
          fill: ({ category }) => categoryColour(category),
          title: ({ name, tau, iou }) => `${name}: ${iou} at tau ${tau}`,
        }),
        Plot.text(points, Plot.selectLast({ x: 'tau', y: 'iou', z: 'name', text: 'name', dx: 8, textAnchor: 'start' })),
      ],
    }),
    [points],
  );
  if (error) return <TroubleText error={error} />;
  if (!curves) return <Waiting />;
  if (points.length === 0) return <p className="soft">This unit has no label at any tau.</p>;
  const rows = points.map(({ name, tau, iou }) => [name, tau, iou]);
  return (
    <Chart title={`IoU of unit ${variables.unit} against tau`} data={{ columns: ['concept', 'tau', 'IoU'], rows }} options={options} />
  );
}
