import type { Store } from '../../../store/store.ts';
import { readStoredImage, type StoredImage } from '../../dataset/stored-image.ts';
import { decodedBatches, inBatches } from '../../dissection/batches.ts';
import { spatialSums } from '../../math/linear/spatial-sums.ts';
import { type FeatureRecord, featuredImages, writeFeatures } from '../../write/features.ts';
import type { OpenedLayer } from './opened-layer.ts';

export interface FeatureOptions {
  /** Whether the maps behind the sums are kept, too. */
  maps: boolean;
  /** Absent: what the network leaves memory for. */
  batchSize?: number;
  /** Ends the run after the batch it is in; what is stored by then is not computed again. */
  signal?: AbortSignal;
  onProgress?(images: number, of: number): void;
}

/** Rows written in one statement: maps of a large layer take megabytes each. */
const WRITE_BYTES = 64 * 2 ** 20;
const BATCHES_AHEAD = 1;

/**
 * Computes the deep features of images, batch by batch, and stores them; those that are stored already are not computed
 * again.
 *
 * @throws BAD_IMAGE, STORE_FULL, STORE_UNAVAILABLE, the signal's reason
 */
export async function computeFeatures(
  store: Store,
  opened: OpenedLayer,
  images: readonly StoredImage[],
  { maps, batchSize, signal, onProgress }: FeatureOptions,
): Promise<void> {
  const { layer, layerId, runner, model, input } = opened;
  const ids = images.map(({ id }) => id);
  const known = await featuredImages(store, layerId, ids, { maps });
  const missing = images.filter(({ id }) => !known.has(id));
  const cells = layer.grid.height * layer.grid.width;
  const values = layer.units * cells;
  const rows = Math.max(1, Math.floor(WRITE_BYTES / (4 * values)));
  let done = known.size;
  onProgress?.(done, images.length);
  const read = (i: number) => readStoredImage(store, missing[i], input, model.resize);
  const all = Uint32Array.from(missing.keys());
  for await (const batch of decodedBatches(inBatches(all, batchSize ?? runner.batchSize), BATCHES_AHEAD, read)) {
    signal?.throwIfAborted();
    const [activations] = await runner.run(batch.pixels, batch.images.length);
    const sums = spatialSums(activations, cells);
    const records = batch.images.map(
      (i, n): FeatureRecord => ({
        imageId: missing[i].id,
        sums: sums.subarray(n * layer.units, (n + 1) * layer.units),
        maps: maps ? activations.subarray(n * values, (n + 1) * values) : null,
      }),
    );
    for (let from = 0; from < records.length; from += rows) await writeFeatures(store, layerId, records.slice(from, from + rows));
    done += records.length;
    onProgress?.(done, images.length);
  }
}
