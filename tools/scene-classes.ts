/**
 * Writes a CSV of images by scene, for `dissectory images add`: `npx tsx tools/scene-classes.ts BRODEN OUT.csv`.
 *
 * Every image of a Broden folder that carries one scene label, the split `val` as `test` (where there is no `val`,
 * every fourth image of a class); classes are called as the label is, without Broden's `-s`. Paths are relative to
 * OUT.csv, which must lie above BRODEN's images.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { openDense } from '../ingest/dataset/open.ts';

const [dense, out] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: npx tsx tools/scene-classes.ts BRODEN OUT.csv');

const dataset = await openDense(dense);
const { rows, concepts } = dataset;
const isSplit = rows.some(({ split }) => split === 'val');
const counts = new Map<string, number>();
const records: string[][] = [];
for (const row of rows) {
  const { file, split } = row;
  const scenes = [...(await dataset.readLabels(row)).whole]
    .map((concept) => concepts[concept])
    .filter(({ category }) => category === 'SCENE');
  if (scenes.length !== 1) continue;
  const name = scenes[0].name.replace(/-s$/, '');
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  const isTest = isSplit ? split === 'val' : count % 4 === 0;
  records.push([path.relative(path.dirname(out), path.join(dense, dataset.imageFolder, file)), name, isTest ? 'test' : 'train']);
}
await writeFile(out, stringify([['path', 'class', 'split'], ...records]));
console.log(`${out}: ${records.length} images`);
