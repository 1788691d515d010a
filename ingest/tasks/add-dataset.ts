import path from 'node:path';
import { requireSlug } from '../../core/slug.ts';
import type { Dataset } from '../../prisma/generated/client.ts';
import type { CacheOptions } from '../../store/objects/cache.ts';
import { isObjectUrl } from '../../store/objects/url.ts';
import type { Store } from '../../store/store.ts';
import type { Concept } from '../dataset/dataset.ts';
import { formatNamed } from '../dataset/formats.ts';
import type { Fingerprinted } from '../dataset/open.ts';
import { countConcepts, surveyDataset } from '../dataset/survey.ts';
import { openDatasetAt } from '../registered/dataset-here.ts';
import { registerDataset } from '../write/dataset.ts';

/**
 * Registers a densely labelled dataset. The same content under the same slug again is the same dataset.
 *
 * All its labels are read through once: what is stored of how often a concept is seen is what they say. Of a dataset
 * that has the concepts that its pictures show, the headers of the pictures too.
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
  const known = await store.prisma.dataset.findFirst({ where: { slug, sha256: dataset.sha256 } });
  const concepts = known ? dataset.concepts : await conceptsOf(dataset, onSurvey);
  return registerDataset(store, { ...dataset, concepts, root }, { slug, name: facts.name ?? slug });
}

async function conceptsOf(dataset: Fingerprinted, onSurvey: (rows: number, of: number) => void): Promise<readonly Concept[]> {
  if (formatNamed(dataset.format).concepts !== 'declared') return surveyDataset(dataset, onSurvey);
  const counted = await countConcepts(dataset, onSurvey);
  return dataset.concepts.map((concept, i) => ({ ...concept, ...counted[i] }));
}
