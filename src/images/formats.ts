import type { Sharp } from 'sharp';
import { DissectoryError } from '../../core/errors.ts';

/** What pictures are sent as, by the ending of their URL. */
const formats = {
  png: (picture: Sharp) => picture.png(),
  webp: (picture: Sharp) => picture.webp({ quality: 82, effort: 2 }),
} as const;

export type PictureFormat = keyof typeof formats;

/** The bytes of a picture in a format. */
export const encode = (picture: Sharp, format: PictureFormat): Promise<Buffer> => formats[format](picture).toBuffer();

/** Throws NOT_FOUND for an ending that pictures are not served with. */
export function formatOf(ending: string): PictureFormat {
  if (Object.hasOwn(formats, ending)) return ending as PictureFormat;
  throw new DissectoryError('NOT_FOUND', `Pictures are served as .${Object.keys(formats).join(' or .')}, not .${ending.slice(0, 20)}.`);
}
