import { appendFile, copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Writes a file into a folder as trainings do: now piece by piece under its own name, now elsewhere and renamed into
 * place.
 */
export async function drop(file: string, folder: string, random: () => number): Promise<void> {
  const target = path.join(folder, path.basename(file));
  if (random() < 0.5) {
    await copyFile(file, `${target}.tmp`);
    return rename(`${target}.tmp`, target);
  }
  const bytes = await readFile(file);
  const pieces = 3;
  await writeFile(target, '');
  for (let i = 0; i < pieces; i++) {
    await appendFile(target, bytes.subarray((bytes.length * i) / pieces, (bytes.length * (i + 1)) / pieces));
    await sleep(random() * 600);
  }
}
