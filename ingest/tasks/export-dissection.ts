import { plainCategory } from '../../core/category.ts';
import { DissectoryError } from '../../core/errors.ts';
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
        include: { label: true, scores: { include: { concept: true }, orderBy: [{ iou: 'desc' }, { concept: { index: 'asc' } }] } },
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
      scores: unit.scores.map(({ concept, iou, intersection, union }) => ({
        category: plainCategory(concept.category),
        label: concept.name,
        iou,
        intersection: Number(intersection),
        union: Number(union),
      })),
    })),
  };
}
