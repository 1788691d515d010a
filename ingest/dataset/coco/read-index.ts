import { join } from 'node:path';
import { jsonItems } from '../encodings/json-items.ts';
import { type Report, whyUnreadable } from '../fault.ts';

/** A number or text that names an image, a category or an annotation. */
export type CocoId = number | string;

/** What stands in a file before it was looked at. */
export type Loose = Readonly<Record<string, unknown>>;

export interface CocoImage {
  id: CocoId;
  fileName: string;
  height: number;
  width: number;
}

/** What an annotation file holds but for its shapes: those are read where they stand, when they are needed. */
export interface CocoIndex {
  file: string;
  images: readonly CocoImage[];
  /** Names by id. */
  categories: ReadonlyMap<CocoId, string>;
  /** By image id: where its annotations stand in the file, `start, length, start, length, ...`, in bytes. */
  annotations: ReadonlyMap<CocoId, readonly number[]>;
}

/** How a kind of annotation is checked while a file is read. */
export interface AnnotationKind {
  /** What an annotation is called, which no other may be: "annotation 17". */
  nameOf(annotation: Loose, index: number): string;
  /** Tells what is wrong with it; `entry` absent: its name. */
  check(annotation: Loose, categories: ReadonlyMap<CocoId, string>, fault: (message: string, entry?: string) => void): void;
}

/**
 * Streams an annotation file of COCO. Reports what cannot be used, and leaves it out: an image or category without id,
 * name or size, or whose id or name stands twice; an annotation of no image that is known.
 */
export async function readCocoIndex(root: string, file: string, { nameOf, check }: AnnotationKind, report: Report): Promise<CocoIndex> {
  const images = new Map<CocoId, CocoImage>();
  const categories = new Map<CocoId, string>();
  const placed: { imageId: unknown; start: number; length: number; entry: string }[] = [];
  const waiting: (() => void)[] = []; // for the categories, which may follow the annotations
  const isNew = namesOnce();
  const tell = (entry: string, message: string) => report({ file, line: null, entry, message });
  try {
    for await (const { key, index, value, start, length } of jsonItems(join(root, file), ['images', 'categories', 'annotations'])) {
      const own = value as Loose;
      const entry = key === 'annotations' ? nameOf(own, index) : `${key === 'images' ? 'image' : 'category'} ${String(own.id)}`;
      if (!isNew(entry)) tell(entry, `stands twice among the ${key}; ids must differ`);
      else if (key === 'images') {
        const image = imageOf(own);
        if (typeof image === 'string') tell(entry, image);
        else if (!isNew(`file ${image.fileName}`)) tell(entry, `has the file_name ${image.fileName} of another image`);
        else images.set(image.id, image);
      } else if (key === 'categories') {
        if (!isId(own.id) || typeof own.name !== 'string' || own.name === '') tell(entry, 'lacks an id or a name');
        else if (!isNew(`category named ${own.name}`)) tell(entry, `is called "${own.name}" as another is; names must differ`);
        else categories.set(own.id, own.name);
      } else {
        placed.push({ imageId: own.image_id, start, length, entry });
        const checkOwn = () => check(own, categories, (message, part = entry) => tell(part, message));
        if (categories.size > 0) checkOwn();
        else waiting.push(checkOwn);
      }
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'DissectoryError') throw error;
    report({ file, line: null, message: 'code' in error ? whyUnreadable(error) : error.message });
  }
  for (const checkOwn of waiting) checkOwn();
  const annotations = new Map<CocoId, number[]>();
  for (const { imageId, start, length, entry } of placed) {
    if (!isId(imageId) || !images.has(imageId)) {
      tell(entry, `image_id ${String(imageId)} is in no images; add the image, or remove the annotation`);
      continue;
    }
    const own = annotations.get(imageId);
    if (own) own.push(start, length);
    else annotations.set(imageId, [start, length]);
  }
  if (images.size === 0) report({ file, line: null, message: 'lists no image' });
  return { file, images: [...images.values()], categories, annotations };
}

/** Tells whether a name was not met before. */
function namesOnce(): (name: string) => boolean {
  const seen = new Set<string>();
  return (name) => seen.size < seen.add(name).size;
}

/** An image, or what is wrong with it. */
function imageOf({ id, file_name: fileName, height, width }: Loose): CocoImage | string {
  const isSize = (size: unknown): size is number => typeof size === 'number' && Number.isInteger(size) && size > 0;
  if (!isId(id) || typeof fileName !== 'string' || !isSize(height) || !isSize(width)) return 'lacks id, file_name, height or width';
  if (fileName.startsWith('/') || fileName.split('/').includes('..'))
    return `has the file_name "${fileName}", which leads out of the folder`;
  return { id, fileName, height, width };
}

export const isId = (id: unknown): id is CocoId => typeof id === 'number' || typeof id === 'string';
