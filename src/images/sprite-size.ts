import { DissectoryError } from '../../core/errors.ts';

/** What a sprite may be made of: larger ones would keep the server from other work. */
export const MAX_SPRITE = { units: 64, images: 16, side: 512, pixels: 4_000_000 };

/** Throws BAD_INPUT where a picture of so many squares of this side would be too large. */
export function requireSize(units: number, images: number, side: number): void {
  const given = { units, images, side, pixels: units * images * side ** 2 };
  for (const [name, most] of Object.entries(MAX_SPRITE)) {
    const value = given[name as keyof typeof given];
    if (!(value >= 1 && value <= most)) throw new DissectoryError('BAD_INPUT', `A sprite has 1 to ${most} ${name}, not ${value}.`);
  }
}
