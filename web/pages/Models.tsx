import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { usePages } from '../api/answer.ts';
import { ModelsDocument, type ModelsQuery } from '../generated/documents.ts';
import { counted, share, whole } from '../numbers.ts';
import { CategoryBar, CategoryLegend } from '../parts/CategoryBar.tsx';
import { EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import { Wide } from '../parts/Wide.tsx';
import css from './Models.module.css';

type Model = ModelsQuery['models']['nodes'][number];
type Filters = { q?: string; architecture?: string; trained?: string; supervision?: string; series?: string };

const route = getRouteApi('/models');

/** What models can be told apart by; each counts how many models it would leave. */
const FACTS = [
  ['architecture', 'Architecture', (model: Model) => model.architecture],
  ['trained', 'Trained on', (model: Model) => model.trainingData],
  ['supervision', 'Supervision', (model: Model) => model.supervision?.toLowerCase().replaceAll('_', '-')],
  ['series', 'Series', (model: Model) => model.series?.slug],
] as const;

const ORDERS = {
  detectors: (a: Model, b: Model) =>
    (b.deepestDissection?.uniqueDetectors ?? -1) - (a.deepestDissection?.uniqueDetectors ?? -1) || a.slug.localeCompare(b.slug),
  accuracy: (a: Model, b: Model) => (b.accuracy ?? -1) - (a.accuracy ?? -1) || a.slug.localeCompare(b.slug),
  name: (a: Model, b: Model) => a.slug.localeCompare(b.slug, 'en', { numeric: true }),
};

export default function Models() {
  useTitle('Models');
  const dataset = useDataset();
  return dataset ? <List dataset={dataset} /> : <EmptyStore />;
}

function List({ dataset }: { dataset: ChosenDataset }) {
  const filters = route.useSearch();
  const { q, sort = 'detectors' } = filters;
  const navigate = route.useNavigate();
  const variables = { dataset: dataset.slug };
  const { data, error, hasNextPage, fetchNextPage, isFetching } = usePages(ModelsDocument, variables, ({ models }) => models.pageInfo);
  useEffect(() => {
    if (hasNextPage && !isFetching) fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  if (error) return <TroubleText error={error} />;
  if (!data) return <Waiting />;

  const all = data.pages.flatMap(({ models }) => models.nodes);
  const shown = all.filter((model) => passes(model, filters)).sort(ORDERS[sort]);
  const most = Math.max(1, ...shown.map(({ deepestDissection }) => deepestDissection?.uniqueDetectors ?? 0));
  const set = (changed: Filters & { sort?: typeof sort }) =>
    navigate({ search: (before) => dropEmpty({ ...before, ...changed }), replace: true });

  return (
    <>
      <h1>Models</h1>
      <p className="soft">
        Each by its deepest layer that has been dissected over {dataset.name}. Unique detectors are the distinct concepts that its units
        detect.
      </p>
      <search className="filters">
        <label>
          Name
          <input type="search" value={q ?? ''} onChange={(event) => set({ q: event.target.value })} />
        </label>
        {FACTS.map(([key, name, factOf]) => (
          <FactFilter
            key={key}
            name={name}
            value={filters[key]}
            values={all.filter((model) => passes(model, { ...filters, [key]: undefined })).map(factOf)}
            onChange={(value) => set({ [key]: value })}
          />
        ))}
        <label>
          Sort by
          <select value={sort} onChange={(event) => set({ sort: event.target.value as typeof sort })}>
            <option value="detectors">unique detectors</option>
            <option value="accuracy">accuracy</option>
            <option value="name">name</option>
          </select>
        </label>
      </search>
      <p role="status" className="small soft">
        {shown.length === all.length ? counted(all.length, 'model') : `${whole(shown.length)} of ${counted(all.length, 'model')}`}
        {hasNextPage && ', more are on their way'}
      </p>
      <CategoryLegend categories={dataset.categories} />
      <Wide label="Models">
        <table className={css.models}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" className="number">
                Accuracy
              </th>
              <th scope="col">Layer</th>
              <th scope="col" className="number">
                Unique detectors
              </th>
              <th scope="col">By category</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((model) => (
              <Row key={model.slug} model={model} most={most} />
            ))}
          </tbody>
        </table>
      </Wide>
      {shown.length === 0 && (
        <p>
          No model passes these filters.{' '}
          <Link to="/models" search={{}}>
            Show all
          </Link>
        </p>
      )}
      <QueryShown document={ModelsDocument} variables={variables} />
    </>
  );
}

function Row({ model, most }: { model: Model; most: number }) {
  const { slug, architecture, trainingData, accuracy, iteration, series, deepestDissection: dissection } = model;
  const facts = [architecture, trainingData, series && iteration !== null && `${whole(iteration ?? 0)} iterations`]
    .filter(Boolean)
    .join(' · ');
  return (
    <tr>
      <th scope="row" className={css.name}>
        <Link to="/models/$model" params={{ model: slug }}>
          {slug}
        </Link>
        <span className="soft small">{facts}</span>
      </th>
      <td className="number">{accuracy == null ? '–' : share(accuracy)}</td>
      <td>
        {dissection ? (
          <Link to="/models/$model/layers/$layer" params={{ model: slug, layer: dissection.layer.name }}>
            {dissection.layer.name}
          </Link>
        ) : (
          <span className="soft">not dissected</span>
        )}
      </td>
      <td className="number">{dissection ? `${whole(dissection.uniqueDetectors)} of ${whole(dissection.layer.unitCount)}` : ''}</td>
      <td className={css.bars}>
        {dissection && <CategoryBar rows={dissection.byCategory.map((row) => ({ ...row, count: row.uniqueDetectors }))} most={most} />}
      </td>
    </tr>
  );
}

interface FactFilterProps {
  name: string;
  value: string | undefined;
  values: (string | null | undefined)[];
  onChange: (value: string | undefined) => void;
}

function FactFilter({ name, value, values, onChange }: FactFilterProps) {
  const counts = new Map<string, number>();
  for (const one of values) if (one) counts.set(one, (counts.get(one) ?? 0) + 1);
  if (counts.size < 2 && !value) return null;
  if (value && !counts.has(value)) counts.set(value, 0);
  return (
    <label>
      {name}
      <select value={value ?? ''} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">any</option>
        {[...counts]
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([one, count]) => (
            <option key={one} value={one}>
              {one} ({count})
            </option>
          ))}
      </select>
    </label>
  );
}

function passes(model: Model, { q, ...facts }: Filters): boolean {
  const name = `${model.slug} ${model.name}`.toLowerCase();
  return (!q || name.includes(q.toLowerCase())) && FACTS.every(([key, , factOf]) => !facts[key] || factOf(model) === facts[key]);
}

const dropEmpty = <Search extends object>(search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== '' && value !== undefined)) as Search;
