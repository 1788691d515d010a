const SIGNIFICANT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, minimumSignificantDigits: 3 });
const WHOLE = new Intl.NumberFormat('en');
const SHARE = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Three significant digits; the full value belongs beside it, on hover. */
export const short = (value: number): string => (value === 0 ? '0' : SIGNIFICANT.format(value));
export const iou = (value: number): string => value.toFixed(3);
export const whole = (value: number): string => WHOLE.format(value);
export const share = (value: number): string => SHARE.format(value);

/** `1 unit`, `2 units`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${whole(count)} ${count === 1 ? one : many}`;

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
];
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `5 minutes ago`. */
export function ago(instant: string): string {
  let value = (Date.parse(instant) - Date.now()) / 1000;
  for (const [unit, next] of STEPS) {
    if (Math.abs(value) < next) return RELATIVE.format(Math.round(value), unit);
    value /= next;
  }
  return RELATIVE.format(Math.round(value), 'year');
}

/** `1 min 20 s`. */
export function duration(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  return all < 60
    ? `${all} s`
    : all < 3600
      ? `${Math.floor(all / 60)} min ${all % 60} s`
      : `${Math.floor(all / 3600)} h ${Math.floor((all % 3600) / 60)} min`;
}
