import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import sharp from 'sharp';

/**
 * Writes the bundled example dataset at twice its size (224 x 224 images, 112 x 112 masks), its rows repeated until
 * there are `count`. Rows that repeat share their files.
 */
export async function writeDataset(from: string, to: string, count: number): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const source = path.join(entry.parentPath, entry.name);
    const target = path.join(to, path.relative(from, source));
    if (entry.isDirectory()) await mkdir(target, { recursive: true });
    else if (entry.name.endsWith('.jpg')) await sharp(source).resize(224, 224).jpeg({ quality: 90 }).toFile(target);
    else if (entry.name.endsWith('.png')) await sharp(source).resize(112, 112, { kernel: 'nearest' }).png().toFile(target);
    else if (entry.name !== 'index.csv') await cp(source, target);
  }
  const rows = parse(await readFile(path.join(from, 'index.csv')), { columns: true }) as Record<string, string>[];
  const repeated = Array.from({ length: count }, (_, i) => ({ ...rows[i % rows.length], ih: '224', iw: '224', sh: '112', sw: '112' }));
  await writeFile(path.join(to, 'index.csv'), stringify(repeated, { header: true }));
}
