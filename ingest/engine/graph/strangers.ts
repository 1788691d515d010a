import type { ImageInput } from './image-input.ts';

/**
 * Pixels of images that have nothing in common, not even how bright they are: `count * height * width * 3` bytes,
 * always the same.
 */
export function strangers({ height, width }: Pick<ImageInput, 'height' | 'width'>, count: number): Uint8Array<ArrayBuffer> {
  const image = height * width * 3;
  const pixels = new Uint8Array(count * image);
  for (let n = 0; n < count; n++) {
    const most = 255 - 96 * (n % 3);
    let state = 2463534242 + 40503 * n;
    // Blocks of several sizes, so that the image has structure
    const block = 4 << (n % 3);
    for (let i = 0; i < image; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const y = Math.floor(i / (3 * width));
      const x = Math.floor(i / 3) % width;
      const wave = (Math.floor(y / block) * 7 + Math.floor(x / block) * 13 + (i % 3) * 5) % 11;
      pixels[n * image + i] = (most * (wave / 10 + (state >>> 0) / 2 ** 32)) / 2;
    }
  }
  return pixels;
}
