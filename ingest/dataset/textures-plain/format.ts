import type { DatasetFormat } from '../format.ts';
import { isImageName } from '../labelled/image-name.ts';
import { openClassFolders } from './open.ts';

/** Folders of classes, as labels of whole images. Tried last. */
export const format: DatasetFormat = {
  name: 'textures-plain',
  description: 'images/CLASS/*.jpg or CLASS/*.jpg: the folder is the class of the whole image',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await place.list('');
    const top = names.includes('images/') ? 'images/' : '';
    const folders = (await place.list(top)).filter((name) => name.endsWith('/') && !name.startsWith('.'));
    for (const folder of folders) if ((await place.list(`${top}${folder}`)).some(isImageName)) return true;
    return false;
  },
  owns: (file) => isImageName(file.slice(file.lastIndexOf('/') + 1)),
  open: openClassFolders,
};
