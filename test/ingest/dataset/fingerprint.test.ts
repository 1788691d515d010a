import { cp, mkdtemp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDense } from '../../../ingest/dataset/open.ts';
import { smallBroden, TABLES } from './small.ts';

const fingerprint = async (root: string) => (await openDense(root)).sha256;

describe('the fingerprint of a dataset', () => {
  it('is a sha256 in hexadecimal', async () => {
    expect(await fingerprint(await smallBroden())).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not depend on where the folder lies or in what order its files were made', async () => {
    const root = await smallBroden();
    const copy = await mkdtemp(join(tmpdir(), 'broden-copy-'));
    onTestFinished(() => rm(copy, { recursive: true }));
    for (const entry of (await readdir(root)).reverse()) await cp(join(root, entry), join(copy, entry), { recursive: true });
    expect(await fingerprint(copy)).toBe(await fingerprint(root));
  });

  it('does not depend on files that the index does not name', async () => {
    const root = await smallBroden();
    const before = await fingerprint(root);
    await writeFile(join(root, 'README.txt'), 'notes');
    await writeFile(join(root, 'images/thumbnail.png'), 'x');
    expect(await fingerprint(root)).toBe(before);
  });

  it.each(['index.csv', 'category.csv', 'label.csv', 'c_part.csv'] as const)('changes with a byte of %s', async (file) => {
    const changed = await smallBroden({ [file]: `${TABLES[file]}\n` });
    expect(await fingerprint(changed)).not.toBe(await fingerprint(await smallBroden()));
  });

  it('changes with the size of an image or of a label map', async () => {
    const root = await smallBroden();
    const before = await fingerprint(root);
    await truncate(join(root, 'images/a.png'), 10);
    const image = await fingerprint(root);
    await truncate(join(root, 'images/a_part.png'), 10);
    expect(new Set([before, image, await fingerprint(root)]).size).toBe(3);
  });

  it('changes with the name of an image', async () => {
    const root = await smallBroden();
    const before = await fingerprint(root);
    await rename(join(root, 'images/c.png'), join(root, 'images/d.png'));
    await writeFile(join(root, 'index.csv'), TABLES['index.csv'].replace('c.png', 'd.png'));
    expect(await fingerprint(root)).not.toBe(before);
  });
});
