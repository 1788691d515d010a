import path from 'node:path';
import { requireSlug } from '../../core/slug.ts';
import type { Dataset } from '../../prisma/generated/client.ts';
import type { CacheOptions } from '../../store/objects/cache.ts';
import { isObjectUrl } from '../../store/objects/url.ts';
import type { Store } from '../../store/store.ts';
import { formatNamed } from '../dataset/formats.ts';
import { surveyDataset } from '../dataset/survey.ts';
import { openDatasetAt } from '../registered/dataset-here.ts';
import { registerDataset } from '../write/dataset.ts';

/**
 * Registers a densely labelled dataset. The same content under the same slug again is the same dataset.
 *
 * A dataset that has the concepts that its pictures show is read through once, all its labels and the headers of its pictures.
 *
 * @param place folder, or s3:// URL, which is copied here first
 * @param facts name: the slug where absent; format: recognised where absent
 * @param onSurvey rows read through so far, of all
 * @throws BAD_DATASET, BAD_INPUT, CONFLICT where the slug belongs to another content, what `datasetHere` throws
 */
export async function addDataset(
  store: Store,
  place: string,
  facts: { slug: string; name?: string; format?: string },
  copying?: CacheOptions,
  onSurvey: (rows: number, of: number) => void = () => {},
): Promise<Dataset> {
  const slug = requireSlug(facts.slug);
  const root = isObjectUrl(place) ? place : path.resolve(place);
  const dataset = await openDatasetAt(root, { format: facts.format, copying });
  const isDeclared = formatNamed(dataset.format).concepts === 'declared';
  const concepts = isDeclared ? dataset.concepts : await surveyDataset(dataset, onSurvey);
  return registerDataset(store, { ...dataset, concepts, root }, { slug, name: facts.name ?? slug });
}
