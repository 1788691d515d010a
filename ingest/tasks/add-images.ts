import path from 'node:path';
import { requireSlug } from '../../core/slug.ts';
import type { Dataset } from '../../prisma/generated/client.ts';
import type { Store } from '../../store/store.ts';
import { readLabelled } from '../dataset/labelled/read-labelled.ts';
import { registerLabelled } from '../write/labelled.ts';

/**
 * Registers images by class: a folder with `train/CLASS/` and `test/CLASS/`, or a CSV with path, class and split. The
 * same content under the same slug again is the same dataset.
 *
 * @param facts name: the slug where absent
 * @throws BAD_DATASET, BAD_INPUT, CONFLICT where the slug belongs to another content
 */
export async function addImages(store: Store, place: string, facts: { slug: string; name?: string }): Promise<Dataset> {
  const slug = requireSlug(facts.slug);
  return registerLabelled(store, await readLabelled(path.resolve(place)), { slug, name: facts.name ?? slug });
}
