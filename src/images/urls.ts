import { createHash } from 'node:crypto';
import { encodeId, explanationId } from '../../core/ids.ts';
import type { PictureFormat } from './formats.ts';

/** Paths below the server's root: the server does not know under which name it is reached. */
export const imageUrl = (image: number, asked: PictureArgs = {}): string => `/images/${encodeId('Image', image)}${ending(asked)}`;
export const overlayUrl = (unit: number, rank: number, asked: PictureArgs = {}): string =>
  `/overlays/${encodeId('Unit', unit)}/${rank}${ending(asked)}`;
export const activationUrl = (unit: number, rank: number, width: number | null | undefined): string =>
  `/activations/${encodeId('Unit', unit)}/${rank}${ending({ width })}`;

/** What of a picture a client may choose; it is checked where the picture is made. */
export interface PictureArgs {
  width?: number | null;
  format?: Uppercase<PictureFormat> | null;
}

const ending = ({ width, format }: PictureArgs): string => `.${(format ?? 'PNG').toLowerCase()}${width == null ? '' : `?width=${width}`}`;

/** Units' top images as one picture: a row a unit. */
export interface SpriteArgs {
  images: number;
  side: number;
  masks: boolean;
}

/** @param version of all that the picture shows: `spriteVersion` */
export function spriteUrl(units: readonly number[], version: string, { images, side, masks }: SpriteArgs): string {
  const ids = units.map((unit) => encodeId('Unit', unit)).join(',');
  return `/sprites/${version}/${ids}.webp?images=${images}&side=${side}${masks ? '' : '&masks=0'}`;
}

/** Changes with the dissections that the units belong to (`keys`, a unit's each), and with how sprites are drawn. */
export const spriteVersion = (keys: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([SPRITE_STYLE, keys]))
    .digest('base64url')
    .slice(0, 12);

/** Counts up whenever sprites are drawn otherwise: browsers keep them for ever. */
const SPRITE_STYLE = 1;
/** On a contact sheet. */
export const MAX_SHEET_UNITS = 23;

export const maskUrl = (prediction: number, unit: number): string => `/masks/${encodeId('Prediction', prediction)}/${unit}.png`;

/** @param dataset slug of the dissection that says what the units detect; null for the layer's newest */
export function sheetUrl(
  { prediction, place }: { prediction: { id: number }; place: number },
  first: number,
  dataset: string | null,
): string {
  const query = new URLSearchParams({ first: String(first), ...(dataset !== null && { dataset }) });
  return `/sheets/${explanationId(prediction.id, place)}.png?${query}`;
}
