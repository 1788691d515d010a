import type { Raster } from './png.ts';

/**
 * Gives the values of a row's pixels, which hold until the next row is asked for: rows go through one small array,
 * because fresh memory for a whole picture costs more than what is written to it. Throws a plain Error, to be read
 * after the file's name.
 */
export type RowValues = (y: number) => ArrayLike<number>;

/**
 * One value a pixel, as stored: grey, place in the palette, or the grey that RGB channels agree on; opacity does not
 * count.
 *
 * A row throws where RGB channels differ.
 */
export function storedValues({ samples, channels, width }: Raster): RowValues {
  if (channels === 1) return (y) => samples.subarray(y * width, (y + 1) * width);
  const row = new Int32Array(width);
  return (y) => {
    for (let x = 0, i = y * width * channels; x < width; x++, i += channels) {
      row[x] = samples[i];
      if (channels > 2 && (samples[i] !== samples[i + 1] || samples[i] !== samples[i + 2]))
        throw new Error(`has colours (${samples[i]}, ${samples[i + 1]}, ${samples[i + 2]}) where one value a pixel is due`);
    }
    return row;
  };
}

/** Where the channels of a colour lie in its number, in bits. */
interface Packing {
  red: number;
  green: number;
  blue: number;
}

/**
 * Each pixel's colour as shown, as a number (0xRRGGBB unless packed otherwise), palettes looked up; opacity does not
 * count.
 *
 * Throws a plain Error, to be read after the file's name, where a channel has 16 bits; a row where a pixel has a place
 * that the palette lacks.
 */
export function colours(raster: Raster, { red, green, blue }: Packing = { red: 16, green: 8, blue: 0 }): RowValues {
  const { samples, channels, depth, palette, width } = raster;
  if (depth === 16) throw new Error('has 16 bits a channel where colours of 8 are due');
  const row = new Int32Array(width);
  if (palette !== null || channels < 3) {
    const shown = palette === null ? greysOf(depth) : Int32Array.from({ length: palette.length / 3 }, (_, i) => packed(palette, i * 3));
    return (y) => {
      for (let x = 0, i = y * width * channels; x < width; x++, i += channels) {
        const place = samples[i];
        if (place >= shown.length) throw new Error(`has the place ${place} where its palette has ${shown.length} colours`);
        row[x] = shown[place];
      }
      return row;
    };
  }
  return (y) => {
    for (let x = 0, i = y * width * channels; x < width; x++, i += channels)
      row[x] = (samples[i] << red) | (samples[i + 1] << green) | (samples[i + 2] << blue);
    return row;
  };

  function packed(from: ArrayLike<number>, i: number): number {
    return (from[i] << red) | (from[i + 1] << green) | (from[i + 2] << blue);
  }

  function greysOf(bits: number): Int32Array {
    const stretch = 255 / (2 ** bits - 1);
    return Int32Array.from({ length: 2 ** bits }, (_, grey) => packed([grey * stretch, grey * stretch, grey * stretch], 0));
  }
}

/** The colour as people write it: "255, 0, 0". */
export function describeColour(colour: number): string {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff].join(', ');
}
