import { z } from 'zod';
import { meaningOfClasses } from '../class-table.ts';
import { VOID } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { storedValues } from '../encodings/pixel-values.ts';
import type { Report } from '../fault.ts';
import { listFiles, listPictures } from '../list-files.ts';
import { maskDataset } from '../mask-dataset.ts';
import { pairMasks } from '../pair-masks.ts';
import { readJson } from '../read-lines.ts';

const Config = z.object({ labels: z.array(z.object({ name: z.string(), readable: z.string() })) });

/** Where one version of the labels stands. */
export interface VistasVersion {
  format: string;
  config: string;
  /** Folder of the label maps in each split. */
  labels: string;
}

/**
 * Opens one version of Mapillary Vistas: a label is a place in its config, named as people read it; `void--...` is
 * void.
 */
export async function openVistas(
  { format, config, labels: folder }: VistasVersion,
  root: string,
  report: Report,
  known?: readonly Concept[],
): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT'], known);
  const { labels } = (await readJson(root, config, Config.parse, report)) ?? { labels: [] };
  const table = tableOf(config, labels, list, report);
  const pairs: { file: string; mask: string; split: string }[] = [];
  for (const split of ['training', 'validation', 'testing', 'train', 'val', 'test']) {
    const masks = (await listFiles(root, `${split}/${folder}`)).filter((file) => file.endsWith('.png'));
    if (masks.length === 0) continue; // the pictures of testing have no labels
    const pictures = { folder: `${split}/images`, files: await listPictures(root, `${split}/images`) };
    for (const pair of pairMasks(pictures, { folder: `${split}/${folder}`, files: masks }, report)) pairs.push({ ...pair, split });
  }
  if (pairs.length === 0) report({ file: `training/${folder}`, line: null, message: 'holds no label map, nor does validation' });
  const unknown = (label: number) => `label ${label} is not in ${config}, which has ${labels.length} labels; correct the map`;
  const common = { format, root, imageFolder: '', list, voidFor: ['OBJECT'], tables: [config] };
  return maskDataset(common, pairs, { valuesOf: storedValues, table, unknown }, report);
}

function tableOf(config: string, labels: readonly { name: string; readable: string }[], list: ConceptList, report: Report) {
  const seen = new Set<string>();
  for (const { name } of labels) {
    if (seen.has(name)) report({ file: config, line: null, entry: name, message: 'two labels have this name; names must differ' });
    seen.add(name);
  }
  const isShared = (readable: string) => labels.filter((label) => label.readable === readable).length > 1;
  const classes = labels.map(({ name, readable }, value) => ({
    value,
    name: isShared(readable) ? name : readable,
    line: null,
    entry: `label ${value}`,
    isVoid: name.startsWith('void--'),
  }));
  const meant = classes.filter(({ isVoid }) => !isVoid);
  const table = meaningOfClasses(config, meant, list, 'OBJECT', (label) => `label ${label}`, report);
  for (const { value, isVoid } of classes) if (isVoid) table.set(value, VOID);
  return table;
}
