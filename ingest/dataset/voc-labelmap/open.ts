import { type ClassLine, meaningOfClasses } from '../class-table.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { colours, describeColour } from '../encodings/pixel-values.ts';
import type { Report } from '../fault.ts';
import { maskDataset } from '../mask-dataset.ts';
import { readLines } from '../read-lines.ts';
import { listedPictures } from '../voc/lists.ts';

export const LABEL_MAP = 'labelmap.txt';

/** Opens VOC's folders with colours of one's own, as CVAT exports segmentation masks. */
export async function openLabelMap(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT'], known);
  const describe = (colour: number) => `colour ${describeColour(colour).replaceAll(' ', '')}`;
  const table = meaningOfClasses(LABEL_MAP, await readLabelMap(root, report), list, 'OBJECT', describe, report);
  const { pictures, tables } = await listedPictures(root, report);
  const unknown = (colour: number) => `${describe(colour)} is not in ${LABEL_MAP}; add it there or correct the map`;
  return maskDataset(
    { format: 'voc-labelmap', root, imageFolder: '', list, voidFor: ['OBJECT'], tables: [LABEL_MAP, ...tables] },
    pictures,
    { valuesOf: colours, table, unknown },
    report,
  );
}

/** Lines of `name:r,g,b:parts:actions`; `#` begins a comment. A class has the number of its line. */
async function readLabelMap(root: string, report: Report): Promise<ClassLine[]> {
  const classes: ClassLine[] = [];
  for (const { line, text } of await readLines(root, LABEL_MAP, report)) {
    if (text.startsWith('#')) continue;
    const [, name, ...channels] = /^(.+?):(\d{1,3}),\s*(\d{1,3}),\s*(\d{1,3})(?::.*)?$/.exec(text) ?? [];
    const [r, g, b] = channels.map(Number);
    if (name === undefined || Math.max(r, g, b) > 255)
      report({ file: LABEL_MAP, line, message: `"${text}" is no class; write name:r,g,b::` });
    else classes.push({ value: (r << 16) | (g << 8) | b, name, number: classes.length, line });
  }
  return classes;
}
