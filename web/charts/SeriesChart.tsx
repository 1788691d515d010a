import * as Plot from '@observablehq/plot';
import { useCallback, useMemo } from 'react';
import { categoryColour, categoryName, inPaperOrder } from '../category.ts';
import { share, whole } from '../numbers.ts';
import { Chart } from './Chart.tsx';

interface Checkpoint {
  iteration?: number | null;
  accuracy?: number | null;
  model: { deepestDissection?: { uniqueDetectors: number; byCategory: { category: string; uniqueDetectors: number }[] } | null };
}

/** Where iteration 0 stands on the log axis, told apart from 1 by a gap. */
const ZERO = 0.3;

/** Unique detectors of each category over a training's iterations, and the accuracy beside them. */
export default function SeriesChart({ checkpoints }: { checkpoints: Checkpoint[] }) {
  const { points, accuracies } = useMemo(() => {
    const timed = checkpoints.filter((one): one is Checkpoint & { iteration: number } => one.iteration != null);
    return {
      points: timed.flatMap(({ iteration, model }) =>
        inPaperOrder(model.deepestDissection?.byCategory ?? []).map(({ category, uniqueDetectors }) => ({
          iteration,
          category,
          uniqueDetectors,
        })),
      ),
      accuracies: timed.flatMap(({ iteration, accuracy }) => (accuracy == null ? [] : [{ iteration, accuracy }])),
    };
  }, [checkpoints]);
  const options = useCallback(
    (width: number): Plot.PlotOptions => {
      const most = Math.max(1, ...points.map(({ uniqueDetectors }) => uniqueDetectors));
      const at = ({ iteration }: { iteration: number }) => Math.max(iteration, ZERO);
      const last = Math.max(...points.map(at));
      return {
        width,
        height: 360,
        marginLeft: 45,
        marginRight: 110,
        x: {
          type: 'log',
          label: 'iterations',
          grid: true,
          tickFormat: (n: number) => (n < 1 ? '0' : whole(n)),
          ticks: Math.max(3, width / 130),
        },
        y: { label: 'unique detectors', domain: [0, most], nice: true, grid: true },
        color: { type: 'identity' },
        marks: [
          Plot.line(points, {
            x: at,
            y: 'uniqueDetectors',
            z: 'category',
            stroke: ({ category }) => categoryColour(category),
            strokeWidth: 2,
          }),
          Plot.dot(points, {
            x: at,
            y: 'uniqueDetectors',
            fill: ({ category }) => categoryColour(category),
            r: (point) => (at(point) === last ? 5 : 3),
            title: ({ category, uniqueDetectors, iteration }) => `${categoryName(category)}: ${uniqueDetectors} at ${whole(iteration)}`,
          }),
          Plot.text(lastNames(points.filter((point) => at(point) === last)), {
            x: at,
            y: 'uniqueDetectors',
            text: 'names',
            dx: 9,
            textAnchor: 'start',
          }),
          Plot.line(accuracies, { x: at, y: ({ accuracy }) => accuracy * most, stroke: 'currentColor', strokeDasharray: '4 3' }),
          Plot.text(accuracies.slice(-1), {
            x: at,
            y: ({ accuracy }) => accuracy * most,
            text: ({ accuracy }) => `accuracy ${share(accuracy)}`,
            textAnchor: 'end',
            dy: -8,
          }),
        ],
      };
    },
    [points, accuracies],
  );
  if (points.length === 0) return <p className="soft">No checkpoint says at which iteration it was made.</p>;
  const rows = points.map(({ iteration, category, uniqueDetectors }) => [iteration, categoryName(category), uniqueDetectors]);
  return (
    <Chart
      title="Unique detectors over iterations"
      data={{ columns: ['iteration', 'category', 'unique detectors'], rows }}
      options={options}
    />
  );
}

interface Last {
  iteration: number;
  category: string;
  uniqueDetectors: number;
}

/** Categories that end at one height share a name there. */
function lastNames(points: Last[]): { iteration: number; uniqueDetectors: number; names: string }[] {
  const byHeight = Map.groupBy(points, ({ uniqueDetectors }) => uniqueDetectors);
  return [...byHeight].map(([uniqueDetectors, there]) => ({
    iteration: there[0].iteration,
    uniqueDetectors,
    names: there.map(({ category }) => categoryName(category)).join(', '),
  }));
}
