import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One annotation file of a dataset in COCO's layout. */
export interface AnnotationFile {
  /** Below the dataset's folder. */
  file: string;
  /** What follows the kind in its name: `val2017`. */
  part: string;
}

/** What other tools than COCO's own call their one file of instances: labelme, Roboflow, Label Studio, FiftyOne. */
export const ONE_FILE = ['annotations.json', '_annotations.coco.json', 'result.json', 'labels.json'];

/**
 * The files annotations/KIND_PART.json, in alphabetical order; of instances, where there is none, the one of another
 * tool.
 */
export function annotationFiles(root: string, kind: 'instances' | 'panoptic'): AnnotationFile[] {
  const folder = join(root, 'annotations');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const found = names.flatMap((name) => {
    const part = new RegExp(`^${kind}_(.+)\\.json$`).exec(name)?.[1];
    return part === undefined ? [] : [{ file: `annotations/${name}`, part }];
  });
  if (found.length > 0 || kind === 'panoptic') return found;
  return ONE_FILE.filter((file) => existsSync(join(root, file)))
    .slice(0, 1)
    .map((file) => ({ file, part: '' }));
}

/** The folder of a part's pictures, where `example` lies in one that is usual; else the usual one. */
export function pictureFolder(root: string, part: string, example: string | undefined): string {
  const split = part.replace(/\d{4}$/, '');
  const usual = [part, `images/${part}`, 'images', split, `images/${split}`, 'data', ''];
  return usual.find((folder) => example !== undefined && existsSync(join(root, folder, example))) ?? part;
}
