import { TALLY_CATEGORIES, tallyHeader } from '../../../../ingest/tasks/netdissect/columns.ts';

/** What a tally says of one unit in one category; what is not named has no concept and no pixel. */
export interface Cell {
  label: string;
  truth: number;
  activation: number;
  intersect: number;
}

const NONE: Cell = { label: '', truth: 0, activation: 0, intersect: 0 };

/** A tally.csv: one line a unit, as NetDissect writes it. */
export function tallyCsv(units: readonly { unit: number; cells: Readonly<Record<string, Cell>> }[]): string {
  const lines = units.map(({ unit, cells }) => {
    const entries = TALLY_CATEGORIES.map((category) => ({ category: category.toLowerCase(), ...(cells[category] ?? NONE) }));
    const best = entries.reduce((a, b) => (iouOf(b) > iouOf(a) ? b : a));
    const columns = entries.flatMap((cell) => [cell.label, cell.truth, cell.activation, cell.intersect, iouOf(cell)]);
    return [unit, best.category, best.label, iouOf(best), ...columns].join();
  });
  return `${[tallyHeader([]).join(), ...lines].join('\n')}\n`;
}

const iouOf = ({ truth, activation, intersect }: Cell) => (intersect === 0 ? 0 : intersect / (truth + activation - intersect));
