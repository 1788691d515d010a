import { categoryColour } from '../category.ts';
import { iou as shown } from '../numbers.ts';
import css from './IouBar.module.css';

/** An IoU as a number and as a bar; full at 1 unless another `most` is the page's scale. */
export function IouBar({ iou, category, most = 1 }: { iou: number; category?: string | null; most?: number }) {
  const background = category ? categoryColour(category) : 'var(--line-strong)';
  return (
    <span className={css.iou} title={`IoU ${iou}`}>
      <span className={css.track}>
        <span style={{ width: `${Math.min(100, (100 * iou) / most)}%`, background }} />
      </span>
      <span className="number">{shown(iou)}</span>
    </span>
  );
}
