import type { DatasetFormat } from '../format.ts';
import { isImageName } from '../labelled/image-name.ts';
import { openCvat } from './open.ts';
import { ANNOTATIONS } from './read-index.ts';

/** CVAT for images 1.1. */
export const format: DatasetFormat = {
  name: 'cvat',
  description: 'annotations.xml (CVAT for images 1.1) and images/',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('')).includes(ANNOTATIONS),
  owns: (file) => file === ANNOTATIONS || isImageName(file.slice(file.lastIndexOf('/') + 1)),
  open: openCvat,
};
