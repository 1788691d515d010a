import { z } from 'zod';
import { type ClassLine, meaningOfClasses } from '../class-table.ts';
import { NONE } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { storedValues } from '../encodings/pixel-values.ts';
import type { Report } from '../fault.ts';
import { listFiles, listPictures } from '../list-files.ts';
import { maskDataset } from '../mask-dataset.ts';
import { pairMasks, splitOf } from '../pair-masks.ts';
import { readJson, readText } from '../read-lines.ts';

const TARGETS = 'targets.json';
const Targets = z.record(z.string().regex(/^\d{1,5}$/, 'is no value'), z.string());

/**
 * Opens what FiftyOne's ImageSegmentationDirectory writes, with the form of its mask targets beside it. Pictures
 * without labels do not belong to it.
 */
export async function openFiftyOne(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT'], known);
  const classes = await readTargets(root, report);
  const table = meaningOfClasses(TARGETS, classes, list, 'OBJECT', (value) => `value ${value}`, report);
  table.set(0, NONE);
  const pictures = { folder: 'data', files: await listPictures(root, 'data') };
  const masks = { folder: 'labels', files: (await listFiles(root, 'labels')).filter((file) => /\.png$/i.test(file)) };
  const pairs = pairMasks(pictures, masks, report, { isOptional: true });
  if (pairs.length === 0) report({ file: 'data', line: null, message: 'holds no picture that has a label map in labels' });
  const unknown = (value: number) => `value ${value} is not in ${TARGETS}; add it there or correct the map`;
  return maskDataset(
    { format: 'fiftyone', root, imageFolder: '', list, voidFor: ['OBJECT'], tables: [TARGETS] },
    pairs.map((pair) => ({ ...pair, split: splitOf(pair.file) })),
    { valuesOf: storedValues, table, unknown },
    report,
  );
}

/** Reads targets.json. Reports a value that stands twice, of which JSON would keep the later without a word. */
async function readTargets(root: string, report: Report): Promise<ClassLine[]> {
  const targets = (await readJson(root, TARGETS, Targets.parse, report)) ?? {};
  const seen = new Set<string>();
  for (const [, value] of (await readText(root, TARGETS, report)).matchAll(/"(\d{1,5})"\s*:/g)) {
    if (seen.has(value)) report({ file: TARGETS, line: null, entry: `value ${value}`, message: 'stands twice; keep one of them' });
    seen.add(value);
  }
  return Object.entries(targets).map(([value, name]) => ({ value: Number(value), name, line: null, entry: `value ${value}` }));
}
