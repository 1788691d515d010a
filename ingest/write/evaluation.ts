import type { Store } from '../../store/store.ts';

export interface EvaluationRecord {
  headId: number;
  datasetId: number;
  /** Test images whose class the head knows. */
  imageCount: number;
  /** 0..1. */
  accuracy: number;
  classAccuracies: (number | null)[];
}

/** Stores how well a head does on labelled images, in the place of what was said before. */
export async function writeEvaluation({ prisma }: Store, { headId, datasetId, ...figures }: EvaluationRecord): Promise<void> {
  const where = { headId_datasetId: { headId, datasetId } };
  await prisma.evaluation.upsert({ where, create: { headId, datasetId, ...figures }, update: figures });
}
