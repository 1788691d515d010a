import type { Concept, DenseDataset } from '../dataset.ts';
import type { Report } from '../fault.ts';
import { listPictures } from '../list-files.ts';
import { type LabelledPicture, wholeImages } from '../textures/whole-images.ts';

/** Opens a folder of classes: the folder that a picture lies in labels it as a whole. images/CLASS/ or CLASS/. */
export async function openClassFolders(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const below = (await listPictures(root, 'images')).map((file) => `images/${file}`);
  const files = below.length > 0 ? below : await listPictures(root, '');
  const depth = below.length > 0 ? 1 : 0;
  const pictures = files.flatMap((file): LabelledPicture[] => {
    const folders = file.split('/').slice(depth, -1);
    if (folders.length > 0) return [{ file, split: '', entry: file, classes: [folders.join('/')] }];
    report({ file, line: null, message: 'lies in no folder of a class; move it into one, or remove it' });
    return [];
  });
  if (pictures.length === 0) report({ file: '.', line: null, message: 'holds no picture in a folder of a class' });
  return wholeImages('textures-plain', root, [], pictures, report, known);
}
