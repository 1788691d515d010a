import type { Store } from '../../store/store.ts';

export interface PredictionRecord {
  imageId: number;
  /** Place in the head's classes. */
  predicted: number;
  /** Of the predicted class. */
  score: number;
  /** Place in the head's classes; null where it is not known. */
  trueClass: number | null;
}

/**
 * Stores what a head says of images, in one statement. What is there stays: head and features, which decide it, never
 * change.
 */
export async function writePredictions({ pool }: Store, headId: number, records: readonly PredictionRecord[]): Promise<void> {
  await pool.query(
    `INSERT INTO predictions (head_id, image_id, predicted, score, true_class, wrong)
     SELECT $1, image, predicted, score, truth, coalesce(truth <> predicted, false)
     FROM unnest($2::int[], $3::int[], $4::float8[], $5::int[]) AS of (image, predicted, score, truth)
     ON CONFLICT (head_id, image_id) DO NOTHING`,
    [
      headId,
      records.map(({ imageId }) => imageId),
      records.map(({ predicted }) => predicted),
      records.map(({ score }) => score),
      records.map(({ trueClass }) => trueClass),
    ],
  );
}
