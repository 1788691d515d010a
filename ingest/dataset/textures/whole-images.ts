import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset, Row } from '../dataset.ts';
import { denseDataset, rowOf } from '../dense-dataset.ts';
import type { Report } from '../fault.ts';
import { readSizes } from '../picture-size.ts';

export interface LabelledPicture extends Pick<Row, 'split' | 'entry' | 'line'> {
  /** Below the dataset's folder. */
  file: string;
  classes: readonly string[];
}

type WholeRow = Row & { classes: readonly string[] };

/** A dataset of pictures that are labelled as a whole, with textures. */
export async function wholeImages(
  format: string,
  root: string,
  tables: readonly string[],
  pictures: readonly LabelledPicture[],
  report: Report,
  known?: readonly Concept[],
): Promise<DenseDataset> {
  const list = new ConceptList(['TEXTURE'], known);
  for (const name of [...new Set(pictures.flatMap(({ classes }) => classes))].sort()) list.add('TEXTURE', name);
  const rows: WholeRow[] = [];
  for await (const { picture, size } of readSizes(root, pictures, report)) {
    const { split, entry, line, classes } = picture;
    rows.push({ ...rowOf(rows.length, picture.file, size, { split, entry, line }), classes });
  }
  return denseDataset<WholeRow>({
    format,
    root,
    imageFolder: '',
    list,
    voidFor: [],
    tables,
    rows,
    filesOf: () => [],
    read: ({ classes }) => {
      const codes = classes.map((name) => list.code('TEXTURE', name)).filter((code) => code !== null);
      return { layers: [], whole: codes.map((code) => code - 1) };
    },
  });
}
