import type { ClassLine } from '../class-table.ts';
import { meaningOfClasses } from '../class-table.ts';
import { ConceptList } from '../concept-list.ts';
import { readCsv } from '../csv.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { colours, describeColour } from '../encodings/pixel-values.ts';
import type { Report } from '../fault.ts';
import { openMaskFolder } from '../masks/open.ts';

const COLOURS = 'colours.csv';

/** Opens a folder of masks whose colours a table names; palettes are looked up. */
export async function openColourMasks(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT'], known);
  const describe = (colour: number) => `colour ${describeColour(colour)}`;
  const table = meaningOfClasses(COLOURS, await readColours(root, report), list, 'OBJECT', describe, report);
  const unknown = (colour: number) => `${describe(colour)} is not in ${COLOURS}; add it there or correct the map`;
  return openMaskFolder('masks-rgb', root, [COLOURS], list, { valuesOf: colours, table, unknown }, report);
}

/** Reads colours.csv (name, r, g, b). A class has the number of its line. */
async function readColours(root: string, report: Report): Promise<ClassLine[]> {
  const classes: ClassLine[] = [];
  for await (const { line, fields } of readCsv(root, COLOURS, ['name', 'r', 'g', 'b'], report)) {
    const channels = [fields.r, fields.g, fields.b].map((text) => (/^\s*\d{1,3}\s*$/.test(text) ? Number(text) : 256));
    if (channels.some((channel) => channel > 255)) {
      report({ file: COLOURS, line, message: `"${fields.r}, ${fields.g}, ${fields.b}" is no colour; channels go from 0 to 255` });
      continue;
    }
    const [r, g, b] = channels;
    classes.push({ value: (r << 16) | (g << 8) | b, name: fields.name.trim(), number: classes.length, line });
  }
  return classes;
}
