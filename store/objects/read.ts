import { withObjects } from './client.ts';
import { objectChanged } from './objects-error.ts';
import { type ObjectPlace, objectUrl, parseObjectUrl } from './url.ts';

/** An object as a listing or its head tells of it. */
export interface ObjectInfo extends ObjectPlace {
  /** Of the content, by the server's rule. */
  etag: string;
  /** Bytes. */
  size: number;
}

/**
 * Every object whose key begins with that of the URL, in order of keys; `here`: but for those with a slash in what
 * follows. Throws NOT_FOUND where there is no such bucket, and what `objectsError` names.
 */
export async function listObjects(url: string, depth: 'all' | 'here', signal?: AbortSignal): Promise<ObjectInfo[]> {
  const { bucket, key: prefix } = parseObjectUrl(url);
  const found: ObjectInfo[] = [];
  let next: string | undefined;
  do {
    const page = await withObjects(url, (client, sdk) =>
      client.send(
        new sdk.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          Delimiter: depth === 'here' ? '/' : undefined,
          ContinuationToken: next,
        }),
        { abortSignal: signal },
      ),
    );
    for (const { Key: key = '', ETag: etag = '', Size: size = 0 } of page.Contents ?? []) found.push({ bucket, key, etag, size });
    next = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (next !== undefined);
  return found;
}

/** Throws NOT_FOUND, and what `objectsError` names. */
export async function headObject(url: string): Promise<ObjectInfo> {
  const place = parseObjectUrl(url);
  const head = await withObjects(url, (client, sdk) => client.send(new sdk.HeadObjectCommand({ Bucket: place.bucket, Key: place.key })));
  return { ...place, etag: head.ETag ?? '', size: head.ContentLength ?? 0 };
}

/**
 * The bytes of an object, as long as it is the one that is meant. Throws OBJECTS_UNAVAILABLE where it changed, and what
 * `objectsError` names.
 */
export async function readObject(object: ObjectInfo): Promise<Uint8Array> {
  const body = await openObject(object);
  return withObjects(objectUrl(object), () => body.transformToByteArray());
}

/** The same as a stream. What breaks on the way is thrown by the stream, as it is. */
export async function streamObject(object: ObjectInfo, signal: AbortSignal): Promise<NodeJS.ReadableStream> {
  return (await openObject(object, signal)) as NodeJS.ReadableStream & object;
}

async function openObject(object: ObjectInfo, signal?: AbortSignal) {
  const { bucket, key, etag } = object;
  return withObjects(objectUrl(object), async (client, sdk) => {
    const { ETag, Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }), {
      abortSignal: signal,
    });
    // Some servers do not know If-Match
    if (ETag !== etag || !Body) throw objectChanged(objectUrl(object));
    return Body;
  });
}
