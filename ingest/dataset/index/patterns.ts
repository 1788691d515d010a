/** Kinds of pattern: 0 to 8 bright neighbours in one stretch, and all others. */
export const PATTERNS = 10;

/** The eight neighbours, one after the other round the centre: row, column. */
const ROUND = [
  [-1, -1],
  [-1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
  [1, 0],
  [1, -1],
  [0, -1],
] as const;

/**
 * Local binary patterns, uniform and whatever their orientation (Ojala, Pietikainen, Maenpaa 2002: LBP riu2, 8
 * neighbours): a measure of texture that brightness, contrast and quarter turns leave alone. A neighbour is bright
 * where it is at least as bright as the centre (Rec. 601 luma); the edge pixel stands for what lies outside.
 *
 * @param pixels RGB, `height * width * 3` bytes
 * @returns the kind of pattern at each pixel: k = 0..8 for k bright neighbours that follow each other round the centre,
 * 9 for any other
 */
export function patternsOf(pixels: Uint8Array, height: number, width: number): Uint8Array {
  const luma = Float32Array.from({ length: height * width }, (_, p) => {
    return 0.299 * pixels[3 * p] + 0.587 * pixels[3 * p + 1] + 0.114 * pixels[3 * p + 2];
  });
  const patterns = new Uint8Array(height * width);
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p++) {
      let bright = 0;
      let changes = 0;
      let before = isBright(luma, height, width, y, x, 7);
      for (let neighbour = 0; neighbour < 8; neighbour++) {
        const now = isBright(luma, height, width, y, x, neighbour);
        if (now) bright++;
        if (now !== before) changes++;
        before = now;
      }
      patterns[p] = changes <= 2 ? bright : PATTERNS - 1;
    }
  }
  return patterns;
}

function isBright(luma: Float32Array, height: number, width: number, y: number, x: number, neighbour: number): boolean {
  const [down, right] = ROUND[neighbour];
  const row = Math.min(Math.max(y + down, 0), height - 1);
  const column = Math.min(Math.max(x + right, 0), width - 1);
  return luma[row * width + column] >= luma[y * width + x];
}
