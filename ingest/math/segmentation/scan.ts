import { DissectoryError } from '../../../core/errors.ts';

/** Activations of one layer over one batch: image-major, then unit, then the map's rows and columns. */
export interface Batch {
  /** Index in the dataset of each image of the batch. */
  images: readonly number[];
  activations: Float32Array;
}

/**
 * Finds every map's maximum and lowers each unit's running minimum.
 *
 * @param cells of one map
 * @param minima one a unit, lowered in place
 * @param maxima `images * units`, overwritten
 * @throws BAD_ACTIVATIONS where a value is NaN or infinite
 */
export function scan(batch: Batch, units: number, cells: number, minima: Float32Array, maxima: Float32Array): void {
  const { activations, images } = batch;
  const patterns = new Int32Array(activations.buffer, activations.byteOffset, activations.length);
  for (let map = 0, at = 0; map < images.length * units; map++) {
    let high = activations[at];
    let low = high;
    let exponents = 0; // an exponent of all ones, that of NaN and of infinities, carries into the sign
    for (const end = at + cells; at < end; at++) {
      const v = activations[at];
      if (v > high) high = v;
      if (v < low) low = v;
      exponents |= (patterns[at] & 0x7fffffff) + 0x00800000;
    }
    const unit = map % units;
    if (exponents < 0) {
      throw new DissectoryError(
        'BAD_ACTIVATIONS',
        `Unit ${unit} is NaN or infinite on image ${images[(map / units) | 0]} (row of index.csv, from 0): ` +
          'check the normalisation of the model card and the weights of the model.',
      );
    }
    maxima[map] = high;
    if (low < minima[unit]) minima[unit] = low;
  }
}
