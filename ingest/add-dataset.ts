import path from 'node:path';
import type { Dataset } from '../prisma/generated/client.ts';
import type { Store } from '../prisma/store.ts';
import { openBroden } from './dataset/open.ts';
import { requireSlug } from './slug.ts';
import { registerDataset } from './write/dataset.ts';

/**
 * Registers a folder in the Broden layout. The same content under the same slug again is the same dataset.
 *
 * @param facts name: the slug where absent
 * @throws BAD_DATASET, BAD_INPUT, CONFLICT where the slug belongs to another content
 */
export async function addDataset(store: Store, folder: string, facts: { slug: string; name?: string }): Promise<Dataset> {
  const slug = requireSlug(facts.slug);
  const broden = await openBroden(path.resolve(folder));
  return registerDataset(store, broden, { slug, name: facts.name ?? slug });
}
