/** How much units fire on images, unit after unit: of unit k and the i-th image at `k * images + i`. */
export interface ActivityBlock {
  /** The sum over the map's cells in float64, divided by their number. */
  means: Float64Array;
  maxima: Float32Array;
}

/** Takes batches of a layer, and gives their activity in the end. */
export interface ActivityCollector {
  /** @param maxima of the batch's maps, as `scan` gives them */
  add(images: number, activations: Float32Array, maxima: Float32Array): void;
  finish(): ActivityBlock;
}

export function activityCollector(units: number, cells: number): ActivityCollector {
  const batches: { images: number; means: Float64Array; maxima: Float32Array }[] = [];
  return {
    add(images, activations, maxima) {
      const means = new Float64Array(images * units);
      for (let map = 0, at = 0; map < means.length; map++) {
        let sum = 0;
        for (const end = at + cells; at < end; at++) sum += activations[at];
        means[map] = sum / cells;
      }
      batches.push({ images, means, maxima: maxima.slice(0, images * units) });
    },
    finish() {
      const total = batches.reduce((sum, { images }) => sum + images, 0);
      const block = { means: new Float64Array(units * total), maxima: new Float32Array(units * total) };
      let first = 0;
      for (const { images, means, maxima } of batches) {
        for (let i = 0; i < images; i++) {
          for (let k = 0; k < units; k++) {
            block.means[k * total + first + i] = means[i * units + k];
            block.maxima[k * total + first + i] = maxima[i * units + k];
          }
        }
        first += images;
      }
      return block;
    },
  };
}
