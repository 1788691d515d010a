import * as Plot from '@observablehq/plot';
import { useCallback, useMemo } from 'react';
import { categoryColour, categoryName, inPaperOrder } from '../category.ts';
import { Chart } from './Chart.tsx';

interface DetectedConcept {
  name: string;
  category: string;
  detectors: number;
  meanIou: number;
}

/** Pixels: narrower bars cannot be told from their neighbours, nor their names be read. */
const BAR = 14;

/**
 * How many units detect each concept: categories in the paper's order, within each the concepts with the most units
 * first.
 */
export default function ConceptChart({ concepts, onChoose }: { concepts: DetectedConcept[]; onChoose: (concept: string) => void }) {
  const sorted = useMemo(
    () => inPaperOrder(concepts.toSorted((a, b) => b.detectors - a.detectors || a.name.localeCompare(b.name))),
    [concepts],
  );
  const options = useCallback(
    (width: number): Plot.PlotOptions => {
      const key = ({ category, name }: DetectedConcept) => `${category} ${name}`;
      return {
        width: Math.max(width, sorted.length * BAR + 60),
        height: 270,
        marginBottom: 110,
        marginLeft: 40,
        x: {
          domain: sorted.map(key),
          tickFormat: (one: string) => one.slice(one.indexOf(' ') + 1),
          tickRotate: -55,
          label: null,
          tickSize: 0,
        },
        y: { label: 'units', grid: true, tickFormat: (n: number) => (Number.isInteger(n) ? String(n) : '') },
        color: { type: 'identity' },
        marks: [
          Plot.barY(sorted, {
            x: key,
            y: 'detectors',
            fill: ({ category }: DetectedConcept) => categoryColour(category),
            title: ({ name, category, detectors, meanIou }: DetectedConcept) =>
              `${name} (${categoryName(category)}): ${detectors} units, mean IoU ${meanIou.toFixed(3)}`,
            href: ({ name }: DetectedConcept) => `#${encodeURIComponent(name)}`,
          }),
          Plot.ruleY([0]),
        ],
      };
    },
    [sorted],
  );
  if (sorted.length === 0) return <p className="soft">No unit detects a concept at this IoU.</p>;
  const rows = sorted.map(({ name, category, detectors, meanIou }) => [name, categoryName(category), detectors, meanIou]);
  return (
    <Chart
      title="Concepts by number of units"
      data={{ columns: ['concept', 'category', 'units', 'mean IoU'], rows }}
      options={options}
      onPick={onChoose}
    />
  );
}
