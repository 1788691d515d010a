import * as Plot from '@observablehq/plot';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
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
    for (const link of plot.querySelectorAll('a')) link.setAttribute('tabindex', '-1'); // the table serves the keyboard
    element.replaceChildren(plot);
  }, [width, options]);
  const withSvg = (save: (title: string, svg: SVGSVGElement) => void) => () => {
    const svg = place.current?.querySelector('svg');
    if (svg) save(title, svg);
  };
  const pick = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link) return;
    event.preventDefault();
    const name = link.getAttribute('href') ?? link.getAttributeNS('http://www.w3.org/1999/xlink', 'href') ?? '#';
    onPick?.(decodeURIComponent(name.slice(1)));
  };
  return (
    <figure className={css.figure}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: what a click on a bar does, the buttons of the table do too */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <div className={css.scroll} onClick={pick}>
        <div ref={place} role="img" aria-label={title} />
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

function DataTable({ title, data: { columns, rows }, onPick }: Pick<ChartProps, 'title' | 'data' | 'onPick'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard
    <section className={css.table} tabIndex={0} aria-label={`${title}: data`}>
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
    </section>
  );
}
