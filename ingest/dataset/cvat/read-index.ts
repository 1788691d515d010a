import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { xmlReader } from '../encodings/xml.ts';
import { type Report, whyUnreadable } from '../fault.ts';

export const ANNOTATIONS = 'annotations.xml';

export interface CvatImage {
  name: string;
  subset: string | null;
  height: number;
  width: number;
  /** Where its element stands in the file, in bytes. */
  start: number;
  length: number;
}

/** What annotations.xml holds but for its shapes: those are read where they stand, when they are needed. */
export interface CvatIndex {
  /** Labels of the task, in its order. */
  labels: readonly string[];
  images: readonly CvatImage[];
}

/**
 * Streams annotations.xml. Reports an image without name or size or whose name stands twice, and a file that is no
 * whole XML.
 */
export async function readCvatIndex(root: string, report: Report): Promise<CvatIndex> {
  const labels = new Set<string>();
  const images = new Map<string, CvatImage>();
  const path: string[] = [];
  let text = '';
  let image: Omit<CvatImage, 'length'> | null = null;
  const reader = xmlReader({
    onOpen({ name, attributes, start }) {
      path.push(name);
      text = '';
      if (name === 'image' && path.length === 2) image = imageOf(attributes, start, report);
    },
    onText(more) {
      if (image === null) text += more;
    },
    onClose(name, end) {
      if (name === 'name' && path.slice(-3).join('/') === 'labels/label/name') labels.add(text.trim());
      if (name === 'image' && path.length === 2 && image !== null) {
        const { name: own, subset, start } = image;
        const key = `${subset ?? ''}\0${own}`; // a project's subsets may have pictures of one name
        if (images.has(key)) report({ file: ANNOTATIONS, line: null, entry: `image ${own}`, message: 'has two entries; keep one of them' });
        else images.set(key, { ...image, length: end - start });
        image = null;
      }
      path.pop();
    },
  });
  try {
    for await (const bytes of createReadStream(join(root, ANNOTATIONS)) as AsyncIterable<Buffer>) reader.write(bytes);
    reader.end();
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'DissectoryError') throw error;
    report({ file: ANNOTATIONS, line: null, message: 'code' in error ? whyUnreadable(error) : error.message });
  }
  if (images.size === 0) report({ file: ANNOTATIONS, line: null, message: 'has no image' });
  return { labels: [...labels], images: [...images.values()] };
}

function imageOf(attributes: Readonly<Record<string, string>>, start: number, report: Report): Omit<CvatImage, 'length'> | null {
  const { name, subset } = attributes;
  const [height, width] = [attributes.height, attributes.width].map((size) => (/^[1-9]\d*$/.test(size ?? '') ? Number(size) : 0));
  const isPath = name !== undefined && name !== '' && !name.startsWith('/') && !name.split('/').includes('..');
  if (isPath && height > 0 && width > 0) return { name, subset: subset ?? null, height, width, start };
  report({ file: ANNOTATIONS, line: null, entry: `image ${name}`, message: 'lacks a name below images/, width or height' });
  return null;
}
