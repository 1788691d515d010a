import sharp, { type Metadata, type Sharp } from 'sharp';
import { endsAsJpeg } from './jpeg-end.ts';
import { withSoundHeader } from './jpeg-header.ts';

/** RGB bytes, `height * width * 3`, rows then columns. */
export interface Pixels {
  height: number;
  width: number;
  data: Uint8Array;
}

export interface DecodeOptions {
  /** Turns the picture as its EXIF says; absent: it is read as stored. */
  isTurned?(stored: Metadata): boolean;
  /** What to do to the picture once it is 8-bit RGB; absent: nothing. */
  resize?(image: Sharp): Sharp;
}

/**
 * Decodes a picture's file to 8-bit RGB. What is resized is always the RGB picture, so that a colour is the same at
 * every size: transparency is dropped first, with the colour that is stored below it; CMYK becomes (255 - ink) (255 -
 * key) / 255, as Pillow does it; of 16 bits the high byte counts. Colour profiles are not applied.
 *
 * Warnings about a JPEG's header that change no pixel are passed over; what is truncated, damaged or overwritten is
 * refused.
 *
 * Throws an Error saying why where the bytes are no whole picture.
 */
export async function decodePicture(bytes: Uint8Array, { isTurned, resize = (image) => image }: DecodeOptions = {}): Promise<Pixels> {
  if (bytes.length === 0) throw new Error('it is empty');
  if (!endsAsJpeg(bytes)) throw new Error('it has no end marker: its last part is missing or overwritten');
  const stored = await sharp(bytes, { failOn: 'none' }).metadata();
  const autoOrient = isTurned?.(stored) ?? false;
  const decode = async (file: Uint8Array): Promise<Pixels> => {
    const image = sharp(file, { failOn: 'warning', ignoreIcc: true, autoOrient });
    if (stored.space === 'cmyk') return rawPixels(resize(fromPixels(rgbOf(await inksOf(image)))));
    const rgb = image.removeAlpha().toColourspace('srgb');
    const isPlain = !stored.hasAlpha && stored.depth === 'uchar';
    return rawPixels(isPlain ? resize(rgb) : resize(fromPixels(await rawPixels(rgb))));
  };
  try {
    return await decode(bytes);
  } catch (error) {
    const mended = withSoundHeader(bytes);
    if (mended === null) throw error;
    return decode(mended);
  }
}

const fromPixels = ({ height, width, data }: Pixels): Sharp => sharp(data, { raw: { height, width, channels: 3 } });

async function rawPixels(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { data, height: info.height, width: info.width };
}

/**
 * Four bytes a pixel, as stored: with no profile of libvips' own. Of a JPEG they are stored turned over, with or
 * without Adobe's marker.
 */
async function inksOf(image: Sharp): Promise<Pixels> {
  const inks = image.pipelineColourspace('cmyk').toColourspace('cmyk').raw({ depth: 'uchar' });
  const { data, info } = await inks.toBuffer({ resolveWithObject: true });
  return { data: info.channels === 4 ? data : everyFirst(data, info.channels, 4), height: info.height, width: info.width };
}

/** Without the channels behind the inks. */
function everyFirst(data: Uint8Array, channels: number, kept: number): Uint8Array {
  return Uint8Array.from({ length: (data.length / channels) * kept }, (_, i) => data[Math.floor(i / kept) * channels + (i % kept)]);
}

/** As Pillow's `convert("RGB")` rounds it. */
function rgbOf({ data: inks, height, width }: Pixels): Pixels {
  const data = new Uint8Array(height * width * 3);
  for (let p = 0; p < height * width; p++) {
    const paper = 255 - inks[4 * p + 3];
    for (let channel = 0; channel < 3; channel++) {
      const product = inks[4 * p + channel] * paper + 128;
      data[3 * p + channel] = paper - ((product + (product >> 8)) >> 8);
    }
  }
  return { data, height, width };
}
