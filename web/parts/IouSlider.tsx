import { useId } from 'react';
import { iou, whole } from '../numbers.ts';
import css from './IouSlider.module.css';

interface SweepPoint {
  minIou: number;
  detectors: number;
}

interface IouSliderProps {
  value: number;
  step: number;
  /** Counts at every step from 0, asked for once: moving the slider asks nothing. */
  sweep: readonly SweepPoint[];
  onChange: (value: number) => void;
}

/** Chooses the IoU from which on a unit counts, over a histogram of the units' IoU. */
export function IouSlider({ value, step, sweep, onChange }: IouSliderProps) {
  const id = useId();
  const last = Math.max(10, sweep.findLastIndex(({ detectors }) => detectors > 0) + 1);
  const shown = sweep.slice(0, Math.min(last, sweep.length - 1));
  const bins = shown.map((point, i) => point.detectors - (sweep[i + 1]?.detectors ?? 0));
  const most = Math.max(1, ...bins);
  return (
    <div className={css.slider}>
      <label htmlFor={id}>
        Units count with an IoU above <output className="number">{iou(value)}</output>
      </label>
      <svg viewBox={`0 0 ${bins.length} 10`} preserveAspectRatio="none" aria-hidden="true" className={css.histogram}>
        {bins.map((count, i) => (
          <rect
            key={shown[i].minIou}
            x={i + 0.05}
            width={0.9}
            y={10 - (10 * count) / most}
            height={(10 * count) / most}
            className={shown[i].minIou + step / 2 > value ? css.counted : css.left}
          >
            <title>{`${whole(count)} units`}</title>
          </rect>
        ))}
      </svg>
      <input
        id={id}
        type="range"
        min={0}
        max={bins.length * step}
        step={step}
        value={value}
        onChange={(event) => onChange(Math.round(Number(event.target.value) / step) * step)}
      />
    </div>
  );
}
