import { plainCategory } from '../../core/category.ts';
import { DissectoryError } from '../../core/errors.ts';
import { interval95, isReliable } from '../../core/interval.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Store } from '../../store/store.ts';

/**
 * All that the store holds of a dissection's units, as plain JSON; counts are numbers (they stay far below 2^53).
 *
 * @param id of the dissection
 * @throws NOT_FOUND
 */
export async function exportDissection(store: Store, id: number) {
  const dissection = await store.prisma.dissection.findUnique({
    where: { id },
    include: {
      dataset: true,
      layer: { include: { model: true } },
      units: {
        orderBy: { index: 'asc' },
        include: {
          label: true,
          scores: { include: { concept: true }, orderBy: [{ iou: 'desc' }, { concept: { index: 'asc' } }] },
          labels: {
            where: { labelling: { current: true } },
            orderBy: [{ labelling: { method: 'asc' } }, { rank: 'asc' }],
            include: { labelling: true, concepts: { orderBy: { place: 'asc' }, include: { concept: true } } },
          },
          byMethod: { where: { labelling: { current: true } }, include: { labelling: true } },
        },
      },
    },
  });
  if (!dissection) throw new DissectoryError('NOT_FOUND', `There is no dissection ${id}: \`dissectory status\` lists those that exist.`);
  const { layer, dataset, units } = dissection;
  return {
    model: layer.model.slug,
    layer: layer.name,
    dataset: dataset.slug,
    tau: dissection.tau,
    basis: dissection.basis,
    basisParameters: dissection.basisParameters,
    provenance: {
      modelSha256: dissection.modelSha256,
      datasetSha256: dissection.datasetSha256,
      engine: dissection.engine,
      engineVersion: dissection.engineVersion,
      provider: dissection.provider,
      codeVersion: dissection.codeVersion,
      parameters: dissection.parameters,
    },
    units: units.map((unit) => ({
      unit: unit.index,
      threshold: unit.threshold,
      silent: unit.silent,
      maxActivation: unit.maxActivation,
      category: unit.label ? plainCategory(unit.label.category) : null,
      label: unit.label?.name ?? null,
      iou: unit.iou,
      scores: unit.scores.map(({ concept, iou, intersection, union, standardError }) => ({
        category: plainCategory(concept.category),
        label: concept.name,
        iou,
        intersection: Number(intersection),
        union: Number(union),
        standardError,
        ...aucOf(unit.byMethod, concept.id),
      })),
      labels: unit.labels.map(labelOf),
    })),
  };
}

type UnitRow = Prisma.UnitGetPayload<{
  include: {
    labels: { include: { labelling: true; concepts: { include: { concept: true } } } };
    byMethod: { include: { labelling: true } };
  };
}>;

/** What a concept's score has beside its IoU, where it is known. */
function aucOf(scores: UnitRow['byMethod'], conceptId: number) {
  const of = (method: string) => scores.find((one) => one.conceptId === conceptId && one.labelling.method === method);
  const [mean, max] = [of('auc_mean'), of('auc_max')];
  return {
    ...(mean && { auc: mean.score, aucStandardError: mean.standardError }),
    ...(max && { aucMax: max.score, aucMaxStandardError: max.standardError }),
  };
}

/** A label by a method. `reliable`, of labels that are IoUs: whether the interval is to be relied on. */
function labelOf({ labelling: { method }, rank, text, concepts, operators, score, standardError, ...rest }: UnitRow['labels'][number]) {
  const { intersection, union, images, proven } = rest;
  const isIou = intersection !== null;
  return {
    ...{ method, rank, text },
    concepts: concepts.map(({ concept }) => ({ category: plainCategory(concept.category), name: concept.name })),
    ...{ operators, score, standardError },
    interval: interval95(score, standardError),
    ...(isIou && { intersection: Number(intersection), union: Number(union), reliable: isReliable(score, images ?? 0) }),
    ...(images !== null && { images }),
    ...(proven !== null && { proven }),
  };
}
