import type { CSSProperties } from 'react';
import { below } from '../root.ts';
import css from './Strip.module.css';

interface StripProps {
  /** A picture of `rows` rows of `images` squares. */
  url: string | undefined;
  images: number;
  row?: number;
  rows?: number;
  alt: string;
  /** As wide as its place, rather than at most as its pictures are sharp. */
  wide?: boolean;
}

/**
 * A unit's top images beside each other: a row of a picture that other units share. Its place is kept until it comes.
 */
export function Strip({ url, images, row = 0, rows = 1, alt, wide = false }: StripProps) {
  const several = images > 1 ? css.several : '';
  return (
    <span
      className={`${css.strip} ${several} ${images > 4 ? css.long : ''}`}
      style={{ maxWidth: wide ? undefined : `calc(${images} * var(--side))`, '--images': images } as CSSProperties}
    >
      {url && (
        <img src={below(url)} alt={alt} loading="lazy" decoding="async" style={{ transform: `translateY(${(-100 * row) / rows}%)` }} />
      )}
    </span>
  );
}
