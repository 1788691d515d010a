import type { Model, Prisma } from '../../prisma/generated/client.ts';

/** Whether a model is given other pixels than before: then what was computed from them no longer holds. */
export function seesOtherwise(before: Model, after: Model): boolean {
  const seen = ({ inputShape, channels, mean, std, resize, tokens, inputs }: Model) =>
    JSON.stringify([inputShape, channels, mean, std, resize, tokens, inputs]);
  return seen(before) !== seen(after);
}

/**
 * Deletes the deep features of a model and all that was made of them: predictions, evaluations, SVMs, ablations.
 * Dissections stay: their key says what pixels they were computed from, a feature's does not.
 */
export async function forgetFeatures(transaction: Prisma.TransactionClient, modelId: number): Promise<void> {
  const ofModel = { layer: { modelId } };
  await transaction.ablation.deleteMany({ where: ofModel });
  await transaction.prediction.deleteMany({ where: { head: ofModel } });
  await transaction.evaluation.deleteMany({ where: { head: ofModel } });
  await transaction.head.deleteMany({ where: { ...ofModel, kind: 'SVM' } });
  await transaction.feature.deleteMany({ where: ofModel });
}
