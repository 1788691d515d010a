import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import sharp, { type Sharp } from 'sharp';
import { DissectoryError } from '../../core/errors.ts';
import { encode, type PictureFormat } from './formats.ts';

/** How long a picture may be kept without asking again. */
const AN_HOUR = 'public, max-age=3600';
/** For URLs that name all that their picture depends on. */
const FOR_EVER = 'public, max-age=31536000, immutable';

interface Sent {
  format: PictureFormat;
  /** All that the picture depends on but its format. */
  identity: unknown[];
  render: () => Promise<Sharp>;
  /**
   * Asked once it is rendered: whether its URL names the version of all that it shows, so that it never shows anything
   * else.
   */
  isFinal?: () => boolean;
}

/** Sends what `render` gives, or 304 without rendering. */
export async function sendPicture(request: Request, response: Response, { format, identity, render, isFinal }: Sent): Promise<void> {
  const etag = `"${digest(JSON.stringify([...identity, format, sharp.versions]))}"`;
  if (isHeld(request.get('if-none-match') ?? '', etag)) {
    response.set({ ETag: etag, 'Cache-Control': AN_HOUR }).status(304).end();
    return;
  }
  const bytes = await encode(await render(), format); // before the headers: an error must not be kept as if it were a picture
  response.set({ ETag: etag, 'Cache-Control': isFinal?.() ? FOR_EVER : AN_HOUR });
  response.type(format).send(bytes);
}

export const digest = (data: string | Buffer): string => createHash('sha256').update(data).digest('base64url');

/** A whole number of the query; null where it is not there. Throws BAD_INPUT outside 1..most. */
export function numberOf(query: Request['query'], name: string, most: number): number | null {
  const value = query[name];
  if (value === undefined) return null;
  if (typeof value === 'string' && /^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= most) return Number(value);
  throw new DissectoryError('BAD_INPUT', `${name} must be a whole number from 1 to ${most}.`);
}

/**
 * Not Express's `fresh`: that ignores the ETag under Cache-Control: no-cache, which fetch adds to every conditional
 * request.
 */
const isHeld = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((held) => ['*', etag].includes(held.trim().replace(/^W\//, '')));
