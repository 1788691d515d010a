import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import sharp from 'sharp';
import { DissectoryError } from '../../core/errors.ts';

/** Sends what `render` gives, or 304 without rendering; `identity` is all that the picture depends on. */
export async function sendPng(request: Request, response: Response, identity: unknown[], render: () => Promise<Buffer>): Promise<void> {
  const etag = `"${digest(JSON.stringify([...identity, sharp.versions]))}"`;
  response.set({ ETag: etag, 'Cache-Control': 'public, max-age=3600' });
  if (isHeld(request.get('if-none-match') ?? '', etag)) response.status(304).end();
  else response.type('png').send(await render());
}

export const digest = (data: string | Buffer): string => createHash('sha256').update(data).digest('base64url');

/** A whole number of the query; null where it is not there. Throws BAD_INPUT outside 1..most. */
export function numberOf(query: Request['query'], name: string, most: number): number | null {
  const value = query[name];
  if (value === undefined) return null;
  if (typeof value === 'string' && /^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= most) return Number(value);
  throw new DissectoryError('BAD_INPUT', `${name} must be a whole number from 1 to ${most}.`);
}

/** Not Express's `fresh`: that ignores the ETag under Cache-Control: no-cache, which fetch adds to every conditional request. */
const isHeld = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((held) => ['*', etag].includes(held.trim().replace(/^W\//, '')));
