import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlotRow } from '../ingest/tasks/export/bars.ts';
import { type Chart, svgOf } from './chart.ts';

/** A page of Markdown in the making, with charts beside it in `paper/`. */
export interface Page {
  section(title: string, command: string, text?: string): void;
  table<T>(header: readonly unknown[], items: readonly T[], cells: (item: T) => readonly unknown[]): void;
  chart(name: string, chart: Chart): Promise<void>;
  text(): string;
}

/** @param docs folder that the page will lie in, @param introduction Markdown */
export function startPage(docs: string, introduction: string): Page {
  const parts = [introduction];
  const row = (cells: readonly unknown[]) => `| ${cells.map((one) => one ?? '').join(' | ')} |`;
  return {
    section(title, command, text) {
      parts.push(`\n## ${title}\n\n    ${command}\n`);
      if (text) parts.push(`${text}\n`);
    },
    table(header, items, cells) {
      parts.push(row(header), row(header.map(() => '---')), ...items.map((item) => row(cells(item))), '');
    },
    async chart(name, chart) {
      await writeFile(path.join(docs, 'paper', `${name}.svg`), svgOf(chart));
      parts.push(`![${chart.title}](paper/${name}.svg)`);
    },
    text: () => `${parts.join('\n')}\n`,
  };
}

export const CATEGORIES = ['object', 'part', 'scene', 'material', 'texture', 'color'];

/** Rows that share a column's value, together, in the order in which the values come first. */
export function grouped(rows: readonly PlotRow[], column: string): PlotRow[][] {
  const groups = new Map<unknown, PlotRow[]>();
  for (const row of rows) {
    const group = groups.get(row[column]);
    if (group) group.push(row);
    else groups.set(row[column], [row]);
  }
  return [...groups.values()];
}

/** The unique detectors of one category among a layer's bars. */
export function uniqueOf(bars: readonly PlotRow[], category: string): number {
  return Number(bars.find((bar) => bar.category === category)?.uniqueDetectors);
}

/** One series a category: its unique detectors in each of the groups. */
export function seriesByCategory(groups: readonly PlotRow[][]): { name: string; values: number[] }[] {
  return CATEGORIES.map((name) => ({ name, values: groups.map((bars) => uniqueOf(bars, name)) }));
}
