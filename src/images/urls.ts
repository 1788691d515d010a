import { globalId } from '../ids.ts';

/** Paths below the server's root: the server does not know under which name it is reached. */
export const imageUrl = (image: number): string => `/images/${globalId('Image', image)}.png`;
export const overlayUrl = (unit: number, rank: number): string => `/overlays/${globalId('Unit', unit)}/${rank}.png`;
