/**
 * Adds each map up over space, in double precision.
 *
 * @param maps maps one after the other, each of `cells` values
 * @returns one sum a map
 */
export function spatialSums(maps: Float32Array, cells: number): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(maps.length / cells);
  for (let map = 0, at = 0; map < sums.length; map++) {
    let sum = 0;
    for (const end = at + cells; at < end; at++) sum += maps[at];
    sums[map] = sum;
  }
  return sums;
}
