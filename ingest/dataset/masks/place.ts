import { stemOf } from '../list-files.ts';
import type { Place } from '../place.ts';

/** The names at a place that has pictures and masks in two folders; null for any other. */
export async function namesOfMaskPlace(place: Place): Promise<readonly string[] | null> {
  const names = await place.list('');
  return names.includes('images/') && names.includes('masks/') ? names : null;
}

/** Whether some mask has the name of a picture: one map a picture, not one a class. */
export async function hasMaskOfSameName(place: Place): Promise<boolean> {
  const pictures = new Set((await place.list('images')).map(stemOf));
  return (await place.list('masks')).some((mask) => pictures.has(stemOf(mask)));
}

export const ownsMasks = (file: string): boolean => /^(images|masks)\/|^(classes|colours|colors)\.csv$/.test(file);
