import { useSearch } from '@tanstack/react-router';
import { useAnswer } from '../api/answer.ts';
import { FrameDocument, type FrameQuery } from '../generated/documents.ts';

export interface ChosenDataset {
  slug: string;
  name: string;
  /** In the dataset's own order. */
  categories: FrameQuery['datasets']['nodes'][number]['categories'][number]['category'][];
}

/**
 * The dataset that pages speak of: the one in the URL, else that of the newest dissection; null where nothing has been
 * dissected.
 */
export function useDataset(): ChosenDataset | null {
  const { datasets, newest } = useAnswer(FrameDocument, {});
  const { dataset } = useSearch({ strict: false });
  const slug = dataset ?? newest.nodes.at(0)?.dataset.slug;
  const found = datasets.nodes.find((one) => one.slug === slug);
  if (!slug) return null;
  return found ? { ...found, categories: found.categories.map(({ category }) => category) } : { slug, name: slug, categories: [] };
}
