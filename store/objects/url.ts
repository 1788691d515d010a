import { DissectoryError } from '../../core/errors.ts';

/** Where something lies in object storage: a key, or the beginning of keys. */
export interface ObjectPlace {
  bucket: string;
  /** Without a slash in front. */
  key: string;
}

/** Whether a path is an s3:// URL, not one of this machine. */
export const isObjectUrl = (path: string): boolean => path.startsWith('s3://');

/** Reads s3://BUCKET/KEY; the key is taken as it stands, nothing in it is decoded. Throws BAD_INPUT. */
export function parseObjectUrl(url: string): ObjectPlace {
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(url) ?? [];
  if (bucket === undefined) throw new DissectoryError('BAD_INPUT', `"${url}" names no object: write s3://BUCKET/KEY.`);
  return { bucket, key: key ?? '' };
}

export const objectUrl = ({ bucket, key }: ObjectPlace): string => `s3://${bucket}/${key}`;
