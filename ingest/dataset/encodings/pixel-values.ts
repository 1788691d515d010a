import type { Raster } from './png.ts';

/**
 * One value a pixel, as stored: grey, place in the palette, or the grey that RGB channels agree on; opacity does not count.
 *
 * Throws a plain Error, to be read after the file's name, where RGB channels differ.
 */
export function storedValues({ samples, channels, height, width }: Raster): Uint8Array | Uint16Array {
  if (channels === 1) return samples;
  const values = samples.BYTES_PER_ELEMENT === 2 ? new Uint16Array(height * width) : new Uint8Array(height * width);
  for (let p = 0, i = 0; p < values.length; p++, i += channels) {
    values[p] = samples[i];
    if (channels > 2 && (samples[i] !== samples[i + 1] || samples[i] !== samples[i + 2]))
      throw new Error(`has colours (${samples[i]}, ${samples[i + 1]}, ${samples[i + 2]}) where one value a pixel is due`);
  }
  return values;
}

/**
 * Each pixel's colour as shown, `red << 16 | green << 8 | blue`, palettes looked up; opacity does not count.
 *
 * Throws a plain Error, to be read after the file's name, where a channel has 16 bits or a pixel a place that the palette lacks.
 */
export function colours({ samples, channels, depth, palette, height, width }: Raster): Int32Array {
  if (depth === 16) throw new Error('has 16 bits a channel where colours of 8 are due');
  const found = new Int32Array(height * width);
  const stretch = 255 / (2 ** depth - 1);
  for (let p = 0, i = 0; p < found.length; p++, i += channels) {
    if (palette !== null) {
      const at = samples[i] * 3;
      if (at >= palette.length) throw new Error(`has the place ${samples[i]} where its palette has ${palette.length / 3} colours`);
      found[p] = (palette[at] << 16) | (palette[at + 1] << 8) | palette[at + 2];
    } else if (channels > 2) found[p] = (samples[i] << 16) | (samples[i + 1] << 8) | samples[i + 2];
    else found[p] = samples[i] * stretch * 0x010101;
  }
  return found;
}

/** The colour as people write it: "255, 0, 0". */
export function describeColour(colour: number): string {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff].join(', ');
}
