import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXAMPLES } from './places.ts';

export interface Scenes {
  csv: string;
  remove(): void;
}

/**
 * Writes a CSV of bundled images by scene.
 *
 * @param classes what to call each scene, by its name
 * @param splits those of a scene's images, one after the other and again from the first
 */
export function writeScenes(classes: Readonly<Record<string, string>>, count: number, splits: readonly string[]): Scenes {
  const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-scenes-'));
  symlinkSync(path.join(EXAMPLES, 'broden-mini'), path.join(folder, 'broden-mini'));
  const lines = readFileSync(path.join(EXAMPLES, 'scenes.csv'), 'utf8').trim().split('\n');
  const images = lines.map((line) => line.split(','));
  const chosen = Object.entries(classes).flatMap(([scene, name]) => {
    const some = images.filter((fields) => fields[1] === scene).slice(0, count);
    return some.map(([file], i) => `${file},${name},${splits[i % splits.length]}`);
  });
  const csv = path.join(folder, 'scenes.csv');
  writeFileSync(csv, ['path,class,split', ...chosen].join('\n'));
  return { csv, remove: () => rmSync(folder, { recursive: true }) };
}
