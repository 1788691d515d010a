import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDataset } from '../../../ingest/dataset/broden/check.ts';
import { openDense } from '../../../ingest/dataset/open.ts';
import { sharedPath } from '../../shared.ts';

const examples = join(import.meta.dirname, '../../../examples');
const models = ['objects-alexnet', 'scenes-alexnet-fc', 'scenes-resnet'];

describe('the bundled example', () => {
  it('has a dataset without a fault', async () => {
    for await (const fault of checkDataset(join(examples, 'broden-mini'), () => {})) expect(fault).toBeNull();
    const { rows, categories } = await openDense(join(examples, 'broden-mini'));
    expect(rows).toHaveLength(360);
    expect(categories).toEqual(['COLOR', 'OBJECT', 'PART', 'MATERIAL', 'SCENE', 'TEXTURE']);
  });

  it('labels its images as the dataset that it was taken from', async () => {
    const root = sharedPath('zoo/broden-mini');
    if (root === null) return;
    const [whole, part] = await Promise.all([openDense(root), openDense(join(examples, 'broden-mini'))]);
    expect(part.rows).toEqual(whole.rows.slice(0, part.rows.length));
    const named = (broden: typeof whole) => new Set(broden.concepts.map(({ category, number, name }) => `${category} ${number} ${name}`));
    expect([...named(part)].filter((concept) => !named(whole).has(concept))).toEqual([]);
  });

  it('has each model with the card that describes it', async () => {
    expect((await readdir(join(examples, 'models'))).sort()).toEqual(models.flatMap((name) => [`${name}.json`, `${name}.onnx`]));
    for (const name of models) {
      const card = JSON.parse(await readFile(join(examples, 'models', `${name}.json`), 'utf8'));
      const bytes = await readFile(join(examples, 'models', `${name}.onnx`));
      expect({ id: card.id, sha256: card.sha256, bytes: card.bytes }).toEqual({
        id: name,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      });
    }
  });

  it('stays small enough for a repository', async () => {
    const entries = await readdir(examples, { recursive: true });
    const sizes = await Promise.all(entries.map(async (entry) => (await stat(join(examples, entry))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(16e6);
  });
});
