import * as Plot from '@observablehq/plot';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { Wide } from '../parts/Wide.tsx';
import css from './Chart.module.css';
import { type ChartData, saveCsv, savePng, saveSvg } from './save.ts';

interface ChartProps {
  /** Names the chart to those who do not see it, and its files. */
  title: string;
  /** What it shows, for the table under it and for CSV. */
  data: ChartData;
  /** Of the plot for the width at hand, in pixels. */
  options: (width: number) => Plot.PlotOptions;
  /** Called with the first cell of the row that was chosen: a bar links to `#` and its name. */
  onPick?: (name: string) => void;
}

/** A chart as SVG, with its data as a table and both to be saved. */
export function Chart({ title, data, options, onPick }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current?.parentElement;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = place.current;
    if (!element || width === 0) return;
    const plot = Plot.plot({ className: 'plot', figure: false, ...options(width) });
    plot.querySelector('style')?.remove(); // the content security policy refuses it; base.css says the same
    // To those who do not see it the chart is one picture with a name; its table serves them and the keyboard.
    for (const part of plot.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
    for (const link of plot.querySelectorAll<SVGAElement>('a')) unlink(link);
    element.replaceChildren(plot);
  }, [width, options]);
  const withSvg = (save: (title: string, svg: SVGSVGElement) => void) => () => {
    const svg = place.current?.querySelector('svg');
    if (svg) save(title, svg);
  };
  const pick = (event: MouseEvent) => {
    const name = event.target instanceof Element ? event.target.closest<SVGAElement>('a')?.dataset.name : undefined;
    if (name !== undefined) onPick?.(name);
  };
  return (
    <figure className={css.figure}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: what a click on a bar does, the buttons of the table do too */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <div onClick={pick}>
        <Wide label={`${title}: chart`}>
          <div ref={place} role="img" aria-label={title} />
        </Wide>
      </div>
      <figcaption className="noprint">
        <details>
          <summary className="small soft">Data and download</summary>
          <p className="row">
            <button type="button" onClick={() => saveCsv(title, data)}>
              CSV
            </button>
            <button type="button" onClick={withSvg(saveSvg)}>
              SVG
            </button>
            <button type="button" onClick={withSvg(savePng)}>
              PNG
            </button>
          </p>
          <DataTable title={title} data={data} onPick={onPick} />
        </details>
      </figcaption>
    </figure>
  );
}

/** Keeps what a bar's link names, without the link. */
function unlink(link: SVGAElement): void {
  link.dataset.name = decodeURIComponent(link.href.baseVal.slice(1));
  link.removeAttribute('href');
  link.removeAttributeNS('http://www.w3.org/1999/xlink', 'href');
}

function DataTable({ title, data: { columns, rows }, onPick }: Pick<ChartProps, 'title' | 'data' | 'onPick'>) {
  return (
    <Wide label={`${title}: data`} className={css.table}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join(' ')}>
              {row.map((value, i) => (
                <td key={columns[i]} className={typeof value === 'number' ? 'number' : undefined}>
                  {i === 0 && onPick ? (
                    <button type="button" onClick={() => onPick(String(value))}>
                      {value}
                    </button>
                  ) : (
                    value
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
