/**
 * Images that clients send in: what of them may come in, as bytes with what their header says. Only a worker decodes
 * them.
 */
import type { FileUpload } from 'graphql-upload/processRequest.mjs';
import sharp, { type Metadata } from 'sharp';
import { DissectoryError } from '../../core/errors.ts';
import { MOST_UPLOAD_BYTES, type UploadFacts } from '../../store/uploads.ts';

/** What graphql-upload puts in the place of a file: it is known once the request has been read so far. */
export type UploadedFile = Promise<FileUpload>;

export interface ImageIn {
  bytes: Uint8Array;
  facts: UploadFacts;
}

/**
 * The formats that sharp reads with decoders that are meant for untrusted files; as sharp calls them (AVIF is a kind of
 * heif).
 */
const FORMATS: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

/**
 * Reads a file of a multipart request.
 *
 * @throws BAD_IMAGE where it is too large, or no image that is taken; BAD_INPUT where the request breaks off
 */
export async function uploadedImage(upload: UploadedFile): Promise<ImageIn> {
  const chunks: Uint8Array[] = [];
  let name: string;
  try {
    const file = await upload;
    name = file.filename;
    for await (const chunk of file.createReadStream()) chunks.push(chunk as Uint8Array);
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 413) throw tooLarge();
    if (error instanceof Error && 'status' in error) {
      throw new DissectoryError('BAD_INPUT', 'The upload broke off, or its file is missing from the request. Send it again.', {
        cause: error,
      });
    }
    throw error;
  }
  return checked(Buffer.concat(chunks), name);
}

/** Reads a base64 field. Throws BAD_IMAGE as above, BAD_INPUT where it is no base64. */
export async function base64Image(base64: string): Promise<ImageIn> {
  // The decoder would pass over what is none
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(base64)) {
    throw new DissectoryError('BAD_INPUT', 'base64 must be the base64 of an image file and nothing else: no data: prefix, no line breaks.');
  }
  return checked(Buffer.from(base64, 'base64'), '');
}

async function checked(bytes: Uint8Array, name: string): Promise<ImageIn> {
  if (bytes.length > MOST_UPLOAD_BYTES) throw tooLarge();
  const { format, width, height } = await headerOf(bytes);
  if (!FORMATS.has(format)) throw notTaken();
  return { bytes, facts: { name, width, height } };
}

async function headerOf(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata(); // how many pixels there may be, storeUpload says
  } catch {
    throw notTaken();
  }
}

const tooLarge = () => new DissectoryError('BAD_IMAGE', `The image is larger than ${MOST_UPLOAD_BYTES / 1e6} MB, the most that is taken.`);

const notTaken = () =>
  new DissectoryError(
    'BAD_IMAGE',
    'This is no image that is taken, or its header is broken: send a JPEG, PNG, WebP, GIF, TIFF or AVIF file. What counts is its content, not its name.',
  );

/**
 * Keeps sharp, in the whole process, from ever opening a file with a decoder that is not meant for untrusted ones, such
 * as SVG's.
 */
export function blockOtherFormats(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((format) => `VipsForeignLoad${format}`);
  sharp.unblock({ operation: loaders });
}
