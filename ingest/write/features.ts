import { floatBytes } from '../../core/floats.ts';
import type { Store } from '../../store/store.ts';

export interface FeatureRecord {
  imageId: number;
  /** One a unit. */
  sums: Float32Array;
  /** units x rows x columns; null: not kept. */
  maps: Float32Array | null;
}

/**
 * Stores features of a layer in one statement. Those that are there stay as they are, but for maps that they lacked.
 */
export async function writeFeatures({ pool }: Store, layerId: number, records: readonly FeatureRecord[]): Promise<void> {
  await pool.query(
    `INSERT INTO features (layer_id, image_id, sums, maps) SELECT $1, * FROM unnest($2::int[], $3::bytea[], $4::bytea[])
     ON CONFLICT (layer_id, image_id) DO UPDATE SET maps = excluded.maps WHERE features.maps IS NULL AND excluded.maps IS NOT NULL`,
    [
      layerId,
      records.map(({ imageId }) => imageId),
      records.map(({ sums }) => floatBytes(sums)),
      records.map(({ maps }) => maps && floatBytes(maps)),
    ],
  );
}

/**
 * Those of the images that have their features of the layer already.
 * @param maps whether they must have their maps, too
 */
export async function featuredImages(
  { pool }: Store,
  layerId: number,
  imageIds: readonly number[],
  { maps }: { maps: boolean },
): Promise<Set<number>> {
  const { rows } = await pool.query<{ image_id: number }>(
    `SELECT image_id FROM features WHERE layer_id = $1 AND image_id = ANY($2) ${maps ? 'AND maps IS NOT NULL' : ''}`,
    [layerId, imageIds],
  );
  return new Set(rows.map(({ image_id }) => image_id));
}
