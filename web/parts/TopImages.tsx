import { useEffect, useId, useRef, useState } from 'react';
import { short } from '../numbers.ts';
import { below } from '../root.ts';
import { drawMask, type MaskStyle } from './draw-mask.ts';
import css from './TopImages.module.css';
import type { UnitShown } from './unit-shown.ts';

const STYLES = { lit: 'Lit', outline: 'Outline', heat: 'Heat', off: 'Off' } as const;
type Shown = keyof typeof STYLES;

/** The images that excite a unit most, its mask on them as one likes to see it. */
export function TopImages({ unit }: { unit: UnitShown }) {
  const id = useId();
  const [style, setStyle] = useState<Shown>('lit');
  const [threshold, setThreshold] = useState<number | null>(null);
  const { topImages, threshold: own, maxActivation } = unit;
  if (topImages.length === 0) return <p className="soft">No top images are stored of this unit.</p>;
  const adjustable = own !== null && own !== undefined && maxActivation !== null && maxActivation !== undefined && maxActivation > own;
  const low = Math.min(0, own ?? 0);
  return (
    <section aria-labelledby="top-images">
      <h2 id="top-images">Images that excite it most</h2>
      <div className="filters noprint">
        <fieldset className={css.styles}>
          <legend className="hidden">Mask</legend>
          {Object.entries(STYLES).map(([key, name]) => (
            <button key={key} type="button" aria-pressed={style === key} onClick={() => setStyle(key as Shown)}>
              {name}
            </button>
          ))}
        </fieldset>
        {adjustable && style !== 'off' && style !== 'heat' && (
          <label htmlFor={id} className={css.threshold}>
            <span>
              Threshold <output className="number">{short(threshold ?? own)}</output>{' '}
              {threshold !== null && (
                <button type="button" onClick={() => setThreshold(null)}>
                  back to {short(own)}
                </button>
              )}
            </span>
            <input
              id={id}
              type="range"
              min={low}
              max={maxActivation}
              step={(maxActivation - low) / 200}
              value={threshold ?? own}
              onChange={(event) => setThreshold(Number(event.target.value))}
            />
          </label>
        )}
      </div>
      <ul className={css.images}>
        {topImages.map((top) => (
          <li key={top.rank}>
            <Picture
              top={top}
              style={style}
              level={adjustable ? ((threshold ?? own) - low) / (maxActivation - low) : null}
              exact={threshold === null}
            />
            <span className="small soft number" title={top.image.file}>
              {short(top.maxActivation)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface PictureProps {
  top: UnitShown['topImages'][number];
  style: Shown;
  /** Threshold between black and white of the activation's picture; null where the unit has none. */
  level: number | null;
  /** The threshold is the unit's own. */
  exact: boolean;
}

/** The server's own overlay where that is what is asked for; else drawn here from the activation. */
function Picture({ top, style, level, exact }: PictureProps) {
  const { height, width } = top.image;
  const alt = `Image ${top.rank}, activation ${short(top.maxActivation)}`;
  const place = { aspectRatio: `${width} / ${height}` };
  if (style === 'off' || level === null)
    return <img src={below(top.imageUrl)} alt={alt} loading="lazy" className={css.picture} style={place} />;
  if (style === 'lit' && exact) return <img src={below(top.overlayUrl)} alt={alt} loading="lazy" className={css.picture} style={place} />;
  return <Drawn top={top} alt={alt} style={style} level={level} />;
}

function Drawn({ top, alt, style, level }: { top: PictureProps['top']; alt: string; style: MaskStyle; level: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pictures, setPictures] = useState<[HTMLImageElement, HTMLImageElement] | null>(null);
  const { imageUrl, activationUrl } = top;
  useEffect(() => {
    let wanted = true;
    Promise.all([load(below(imageUrl)), load(below(activationUrl))]).then(
      (loaded) => wanted && setPictures(loaded),
      () => {}, // the frame stays empty, as where an <img> fails
    );
    return () => {
      wanted = false;
    };
  }, [imageUrl, activationUrl]);
  useEffect(() => {
    if (canvas.current && pictures) drawMask(canvas.current, ...pictures, style, level);
  }, [pictures, style, level]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={alt}
      className={css.picture}
      style={{ aspectRatio: `${top.image.width} / ${top.image.height}` }}
    />
  );
}

async function load(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
