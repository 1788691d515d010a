import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { usePages } from '../api/answer.ts';
import { LayerUnitsDocument, type LayerUnitsQuery, type LayerUnitsQueryVariables } from '../generated/documents.ts';
import { counted } from '../numbers.ts';
import { CategorySwatch } from './CategoryBar.tsx';
import { IouBar } from './IouBar.tsx';
import { Strip } from './Strip.tsx';
import { TroubleText } from './Trouble.tsx';
import css from './UnitRows.module.css';
import { Waiting } from './Waiting.tsx';

/** A page of the list, in whole sprites. */
const PAGE = 480;
const IMAGES = 7;
/** Images a row on a small screen, as in Strip.module.css. */
const SHOWN_STACKED = 4;
/** Units a sprite. */
const ROWS = 8;
const GAP = 4;

interface UnitRowsProps {
  slug: string;
  layer: string;
  tau: number | undefined;
  dissection: string;
  filter: LayerUnitsQueryVariables['filter'];
  orderBy: LayerUnitsQueryVariables['orderBy'];
}

type Units = Extract<NonNullable<LayerUnitsQuery['node']>, { units: unknown }>['units'];
type Shown = Units['nodes'][number] & { url: string | undefined; row: number; rows: number };

/** A layer's units, a row each: only those on the screen are in the page, and eight of them share a picture. */
export function UnitRows({ slug, layer, tau, dissection, filter, orderBy }: UnitRowsProps) {
  const variables = { dissection, filter, orderBy, first: PAGE };
  const { data, error, hasNextPage, isFetching, fetchNextPage, isPlaceholderData } = usePages(
    LayerUnitsDocument,
    variables,
    (page) => unitsOf(page)?.pageInfo,
  );
  useEffect(() => {
    if (hasNextPage && !isFetching) fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  if (error) return <TroubleText error={error} />;
  if (!data) return <Waiting />;
  const pages = data.pages.map(unitsOf).filter((units) => units !== undefined);
  const shown = pages.flatMap(({ nodes, sprites }) =>
    nodes.map((unit, i): Shown => {
      const sprite = sprites.at(Math.floor(i / ROWS));
      return { ...unit, url: sprite?.url, row: i % ROWS, rows: sprite?.rows ?? 1 };
    }),
  );
  const total = pages.at(0)?.totalCount ?? 0;
  return (
    <>
      <p role="status" className="small soft">
        {total === 0 ? 'No unit passes these filters. Take a lower IoU, or another label.' : `${counted(total, 'unit')} shown`}
      </p>
      <div className={isPlaceholderData ? css.older : undefined}>
        <Rows units={shown} total={total} slug={slug} layer={layer} tau={tau} />
      </div>
    </>
  );
}

const unitsOf = ({ node }: LayerUnitsQuery): Units | undefined => (node && 'units' in node ? node.units : undefined);

interface RowsProps {
  units: Shown[];
  total: number;
  slug: string;
  layer: string;
  tau: number | undefined;
}

function Rows({ units, total, slug, layer, tau }: RowsProps) {
  const list = useRef<HTMLOListElement>(null);
  const { height, top } = useRowHeight(list);
  const rows = useWindowVirtualizer({
    count: total,
    estimateSize: () => height,
    overscan: 6,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured anew when their height changes
  useLayoutEffect(() => rows.measure(), [height]);
  return (
    <ol ref={list} className={css.list} style={{ height: rows.getTotalSize() }} aria-label="Units">
      {rows.getVirtualItems().map(({ index, start, size }) => (
        <li
          key={index}
          className={css.row}
          style={{ transform: `translateY(${start - top}px)`, height: size - GAP }}
          aria-setsize={total}
          aria-posinset={index + 1}
        >
          {units[index] && <Row unit={units[index]} slug={slug} layer={layer} tau={tau} />}
        </li>
      ))}
    </ol>
  );
}

function Row({ unit, slug, layer, tau }: { unit: Shown; slug: string; layer: string; tau: number | undefined }) {
  const { index, iou, label, neverFires, saturated, url, row, rows } = unit;
  return (
    <Link
      to="/models/$model/layers/$layer/units/$unit"
      params={{ model: slug, layer, unit: String(index) }}
      search={tau === undefined ? {} : { tau }}
      className={css.link}
    >
      <span className={css.text}>
        <span className={css.label}>
          {label && <CategorySwatch category={label.category} />} <strong>{label?.name ?? 'no label'}</strong>
        </span>
        <span className="soft small">
          unit {index}
          {neverFires ? ', never fires' : saturated && ', saturated'}
        </span>
        <IouBar iou={iou} category={label?.category} />
      </span>
      <Strip url={url} images={IMAGES} row={row} rows={rows} alt="" />
    </Link>
  );
}

/** Rows are as high as their pictures: those follow from the width that is left for seven of them. */
function useRowHeight(list: React.RefObject<HTMLOListElement | null>): { height: number; top: number } {
  const [measured, setMeasured] = useState({ height: 116, top: 0 });
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => {
      const style = getComputedStyle(element);
      const side = Number.parseFloat(style.getPropertyValue('--side'));
      const text = Number.parseFloat(style.getPropertyValue('--text-width'));
      const stacked = Number.isNaN(text) || text === 0;
      const width = element.clientWidth - (stacked ? 0 : text);
      const picture = stacked ? Math.floor(width / SHOWN_STACKED) : Math.min(side, Math.floor(width / IMAGES));
      const height = (stacked ? picture + 52 : Math.max(picture, 76)) + GAP;
      setMeasured({ height, top: element.getBoundingClientRect().top + window.scrollY });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return measured;
}
