import * as Plot from '@observablehq/plot';
import { useCallback, useMemo } from 'react';
import { useLater } from '../api/answer.ts';
import { categoryColour, categoryName } from '../category.ts';
import { type CountingRule, MeanIousDocument } from '../generated/documents.ts';
import { short } from '../numbers.ts';
import { TroubleText } from '../parts/Trouble.tsx';
import { Waiting } from '../parts/Waiting.tsx';
import { Chart } from './Chart.tsx';

/** The mean IoU of each concept's detectors against how many they are. */
export default function MeanIouChart(variables: { dissection: string; minIou: number; rule: CountingRule }) {
  const { data, error } = useLater(MeanIousDocument, variables);
  const found = data?.node && 'conceptDetectors' in data.node ? data.node.conceptDetectors : null;
  const points = useMemo(
    () => (found?.concepts ?? []).map(({ concept, detectors, meanIou }) => ({ ...concept, detectors, meanIou })),
    [found],
  );
  const options = useCallback(
    (width: number): Plot.PlotOptions => ({
      width: Math.min(width, 760),
      height: 340,
      marginLeft: 50,
      x: { label: 'units that detect it', domain: [0, Math.max(1, ...points.map(({ detectors }) => detectors)) + 1], grid: true },
      y: { label: 'mean IoU', domain: [0, Math.max(0.05, ...points.map(({ meanIou }) => meanIou))], nice: true, grid: true },
      color: { type: 'identity' },
      marks: [
        Plot.dot(points, {
          x: 'detectors',
          y: 'meanIou',
          r: 4,
          fill: ({ category }: (typeof points)[number]) => categoryColour(category),
          title: ({ name, detectors, meanIou }: (typeof points)[number]) => `${name}: ${detectors} units, mean IoU ${short(meanIou)}`,
        }),
        Plot.text(
          points.filter(({ detectors }) => detectors > 2),
          { x: 'detectors', y: 'meanIou', text: 'name', dy: -9 },
        ),
      ],
    }),
    [points],
  );
  if (error) return <TroubleText error={error} />;
  if (!found) return <Waiting />;
  if (points.length === 0) return <p className="soft">No unit of this layer detects a concept at this IoU.</p>;
  return (
    <>
      <p className="soft small">
        {found.correlation == null
          ? 'Too few concepts for a correlation.'
          : `Pearson’s r ${short(found.correlation)} over ${points.length} concepts.`}
      </p>
      <Chart
        title="Mean IoU against number of detectors"
        data={{
          columns: ['concept', 'category', 'units', 'mean IoU'],
          rows: points.map(({ name, category, detectors, meanIou }) => [name, categoryName(category), detectors, meanIou]),
        }}
        options={options}
      />
    </>
  );
}
