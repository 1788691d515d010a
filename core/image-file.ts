import path from 'node:path';

/** What the store knows of where a dataset's pictures lie. */
export interface PicturePlace {
  /** Its folder, or the s3:// URL below which it lies. */
  path: string;
  imageFolder: string;
}

/** The folder that a dataset's `Image.file` paths start from. */
export const imagesFolder = ({ path: folder, imageFolder }: PicturePlace): string => path.join(folder, imageFolder);

/** The URL of a picture of a dataset that lies in object storage. */
export const imageUrl = ({ path: folder, imageFolder }: PicturePlace, file: string): string =>
  [folder.replace(/\/$/, ''), imageFolder, file].filter(Boolean).join('/');
