import { DissectoryError } from '../../core/errors.ts';
import type { Dataset } from '../../prisma/generated/client.ts';
import type { ClassedImage } from '../dataset/labelled/open-labelled.ts';

/** Labelled images as they are registered. */
export interface LabelledImages {
  dataset: Dataset;
  images: readonly ClassedImage[];
}

export interface TestedImage {
  image: ClassedImage;
  /** Its class, as a place in the names. */
  truth: number;
}

/** The test images whose class has one of these names. Throws BAD_INPUT where there is none. */
export function testedImages({ dataset, images }: LabelledImages, names: readonly string[]): TestedImage[] {
  const places = new Map(names.map((name, place) => [name, place]));
  const tested = images.flatMap((image) => {
    const truth = places.get(dataset.classes[image.classIndex]);
    return image.split === 'test' && truth !== undefined ? [{ image, truth }] : [];
  });
  if (tested.length > 0) return tested;
  const message = `No test image of "${dataset.slug}" is of a class that is told apart here (${names.join(', ')}): call classes alike, in the model card or in the images.`;
  throw new DissectoryError('BAD_INPUT', message);
}
