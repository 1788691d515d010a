/** Detectors and unique detectors of a dissection, as docs/definitions.md defines them. */
import { DEFAULT_MIN_IOU } from '../../core/defaults.ts';
import { detectorsIn, ruleOfDetectors, uniqueDetectorsIn } from '../../store/results/detectors.ts';
import type { CategoryCount, CountingRule } from './generated/schema.ts';
import type { Loaders } from './loaders/index.ts';
import type { DissectionRow } from './rows.ts';

interface CountArgs {
  minIou?: number | null;
  rule?: CountingRule | null;
}

/**
 * Distinct concepts among the detectors, of one category or of all: a concept stands in one category, so those add up.
 */
export async function uniqueDetectorsOf(
  dissection: Pick<DissectionRow, 'id'>,
  args: CountArgs,
  loaders: Loaders,
  category?: string | null,
): Promise<number> {
  return uniqueDetectorsIn(await load(dissection, args, loaders), category ?? null);
}

/** Units that are detectors: of one category those that the rule counts in it, of all each once, by whatever rule. */
export async function detectorsOf(
  dissection: Pick<DissectionRow, 'id'>,
  { minIou, rule }: CountArgs,
  loaders: Loaders,
  category: string | null = null,
): Promise<number> {
  return detectorsIn(await load(dissection, { minIou, rule: ruleOfDetectors(rule ?? 'TOP_LABEL', category) }, loaders), category);
}

/** One entry for each category of the dataset, in its order; zeros where there is no dissection. */
export async function countsByCategory(
  datasetId: number,
  dissection: DissectionRow | null,
  args: CountArgs,
  loaders: Loaders,
): Promise<CategoryCount[]> {
  const [categories, counts] = await Promise.all([
    loaders.categoriesOfDataset.load(datasetId),
    dissection ? load(dissection, args, loaders) : [],
  ]);
  return categories.map(
    ({ category }) => counts.find((count) => count.category === category) ?? { category, uniqueDetectors: 0, detectors: 0 },
  );
}

/** Unique detectors over units; 0 for a layer without units. */
export const ratio = (uniqueDetectors: number, unitCount: number): number => (unitCount === 0 ? 0 : uniqueDetectors / unitCount);

const load = (dissection: Pick<DissectionRow, 'id'>, { minIou, rule }: CountArgs, loaders: Loaders) =>
  loaders.detectorCounts.load({ id: dissection.id, args: { minIou: minIou ?? DEFAULT_MIN_IOU, rule: rule ?? 'TOP_LABEL' } });
