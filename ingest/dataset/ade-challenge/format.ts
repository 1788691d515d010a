import type { DatasetFormat } from '../format.ts';
import { OBJECTS, openAdeChallenge } from './open.ts';

/** ADE20K's scene parsing challenge. */
export const format: DatasetFormat = {
  name: 'ade-challenge',
  description: 'images/SPLIT/, annotations/SPLIT/ (grey PNGs), objectInfo150.txt and sceneCategories.txt',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('')).includes(OBJECTS),
  owns: (file) => /^(images|annotations)\/|^(objectInfo150|sceneCategories)\.txt$/.test(file),
  open: openAdeChallenge,
};
