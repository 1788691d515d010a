import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One annotation file of a dataset in COCO's layout. */
export interface AnnotationFile {
  /** Below the dataset's folder. */
  file: string;
  /** What follows the kind in its name: `val2017`. */
  part: string;
}

/** The files annotations/KIND_PART.json, in alphabetical order. */
export function annotationFiles(root: string, kind: 'instances' | 'panoptic'): AnnotationFile[] {
  const folder = join(root, 'annotations');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.flatMap((name) => {
    const part = new RegExp(`^${kind}_(.+)\\.json$`).exec(name)?.[1];
    return part === undefined ? [] : [{ file: `annotations/${name}`, part }];
  });
}

/** The folder of a part's pictures, where `example` lies in one that is usual; else the usual one. */
export function pictureFolder(root: string, part: string, example: string | undefined): string {
  const split = part.replace(/\d{4}$/, '');
  const usual = [part, `images/${part}`, 'images', split, `images/${split}`, ''];
  return usual.find((folder) => example !== undefined && existsSync(join(root, folder, example))) ?? part;
}
