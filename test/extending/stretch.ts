/** RGB pixels of a square picture at another size: each pixel's nearest. */
export function stretch(pixels: Uint8Array, side: number, height: number, width: number): Uint8Array {
  const stretched = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (Math.floor((y * side) / height) * side + Math.floor((x * side) / width)) * 3;
      stretched.set(pixels.subarray(from, from + 3), (y * width + x) * 3);
    }
  return stretched;
}
