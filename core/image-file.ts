import path from 'node:path';
import type { DatasetKind } from '../prisma/generated/enums.ts';

/** The folder that a dataset's `Image.file` paths start from: Broden's lie below `images/`. @param folder the dataset's own */
export function imagesFolder(kind: DatasetKind, folder: string): string {
  return kind === 'BRODEN' ? path.join(folder, 'images') : folder;
}
