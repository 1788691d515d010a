import { colours } from '../encodings/pixel-values.ts';
import { decodePng } from '../encodings/png.ts';

/** A label map as stored: label numbers, rows then columns. */
export interface LabelMap {
  height: number;
  width: number;
  labels: Uint16Array;
}

/**
 * Decodes a label PNG: label = red + 256 * green, palettes looked up.
 *
 * Throws a plain Error where the bytes are no such PNG; its message is to be read after the file's name.
 */
export function decodeLabelPng(bytes: Buffer): LabelMap {
  const raster = decodePng(bytes);
  const { height, width, channels, depth, samples, palette } = raster;
  if (palette === null && channels < 3) throw new Error('is greyscale; a label is red + 256 * green');
  if (depth === 16) throw new Error('has 16 bits a channel where 8 are asked for');
  const labels = new Uint16Array(height * width);
  if (palette === null) for (let p = 0, i = 0; p < labels.length; p++, i += channels) labels[p] = samples[i] | (samples[i + 1] << 8);
  else {
    const rows = colours(raster, { red: 0, green: 8, blue: 16 });
    for (let y = 0; y < height; y++) labels.set(rows(y), y * width); // blue does not fit into two bytes, and falls off
  }
  return { height, width, labels };
}
