import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue } from 'react';
import { useAnswer, useLater } from '../api/answer.ts';
import { categoryName, inPaperOrder } from '../category.ts';
import { LayerConceptsDocument, LayerDocument, type LayerQuery } from '../generated/documents.ts';
import { counted, iou, share, whole } from '../numbers.ts';
import { CategoryBar, CategoryLegend } from '../parts/CategoryBar.tsx';
import { Empty, EmptyStore } from '../parts/Empty.tsx';
import { IouSlider } from '../parts/IouSlider.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { NotFound, TroubleText } from '../parts/Trouble.tsx';
import { UnitRows } from '../parts/UnitRows.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import css from './Layer.module.css';

const ConceptChart = lazy(() => import('../charts/ConceptChart.tsx'));
const route = getRouteApi('/models/$model/layers/$layer');

const DEFAULT_TAU = 0.005;
const DEFAULT_MIN_IOU = 0.04;
/** Steps of the slider: counts at all of them come with the page. */
const STEP = 0.01;
const MIN_IOUS = Array.from({ length: 101 }, (_, i) => i / 100);

type FoundLayer = NonNullable<NonNullable<LayerQuery['model']>['layer']>;
type Dissection = NonNullable<FoundLayer['dissection']>;

export default function Layer() {
  const { model, layer } = route.useParams();
  useTitle(`${layer} of ${model}`);
  const dataset = useDataset();
  return dataset ? <OneLayer slug={model} name={layer} dataset={dataset} /> : <EmptyStore />;
}

function OneLayer({ slug, name, dataset }: { slug: string; name: string; dataset: ChosenDataset }) {
  const { tau = DEFAULT_TAU, rule = 'TOP_LABEL' } = route.useSearch();
  const variables = { model: slug, layer: name, dataset: dataset.slug, tau, minIous: MIN_IOUS, rule };
  const { model } = useAnswer(LayerDocument, variables);
  if (!model) return <NotFound what="model" />;
  const { layer } = model;
  return (
    <>
      <p className="small">
        <Link to="/models/$model" params={{ model: slug }}>
          {slug}
        </Link>
      </p>
      <h1>{name}</h1>
      {layer?.dissection ? (
        <Dissected slug={slug} layer={layer} dissection={layer.dissection} dataset={dataset} />
      ) : (
        <Empty command={`npx dissectory dissect ${slug} --dataset ${dataset.slug} --layers ${name}`}>
          This layer has not been dissected over {dataset.name}
          {tau === DEFAULT_TAU ? '' : ` at tau ${tau}`} yet. This does it:
        </Empty>
      )}
      <OtherLayers slug={slug} name={name} layers={model.layers} />
      <QueryShown document={LayerDocument} variables={variables} />
    </>
  );
}

function Dissected({
  slug,
  layer,
  dissection,
  dataset,
}: {
  slug: string;
  layer: FoundLayer;
  dissection: Dissection;
  dataset: ChosenDataset;
}) {
  const { minIou = DEFAULT_MIN_IOU, rule = 'TOP_LABEL' } = route.useSearch();
  const navigate = route.useNavigate();
  const settled = useDeferredValue(minIou);
  const here = dissection.iouSweep[Math.round(minIou / STEP)] ?? dissection.iouSweep[0];
  const { receptiveField: field, unitCount } = layer;
  return (
    <>
      <p className="soft">
        {counted(unitCount, 'unit')}
        {dissection.neverFire.totalCount > 0 && ` (${whole(dissection.neverFire.totalCount)} never fire)`}, grid {layer.gridHeight} ×{' '}
        {layer.gridWidth}
        {field.height !== null && `, receptive field ${field.height} × ${field.width} pixels`}, over {dataset.name} at tau {dissection.tau}
      </p>
      <div className={css.counting}>
        <div>
          <p className={css.count} role="status">
            <strong>{whole(here.uniqueDetectors)}</strong> unique detectors{' '}
            <span className="soft">({share(here.uniqueDetectors / Math.max(1, unitCount))} of units)</span>
            <br />
            <strong>{whole(here.detectors)}</strong> of {counted(unitCount, 'unit')} detect a concept with an IoU above {iou(minIou)}
          </p>
          <CategoryBar rows={here.byCategory.map((row) => ({ ...row, count: row.uniqueDetectors }))} most={here.uniqueDetectors} />
          <CategoryLegend categories={dataset.categories} />
        </div>
        <div>
          <IouSlider
            value={minIou}
            step={STEP}
            sweep={dissection.iouSweep}
            onChange={(value) =>
              navigate({
                search: (before) => ({ ...before, minIou: value === DEFAULT_MIN_IOU ? undefined : value }),
                replace: true,
                resetScroll: false,
              })
            }
          />
          <label className="small">
            Count{' '}
            <select
              value={rule}
              onChange={(event) =>
                navigate({
                  search: (before) => ({ ...before, rule: event.target.value === 'PER_CATEGORY' ? 'PER_CATEGORY' : undefined }),
                  replace: true,
                  resetScroll: false,
                })
              }
            >
              <option value="TOP_LABEL">each unit once, by its label</option>
              <option value="PER_CATEGORY">each unit once a category, as the paper’s plots</option>
            </select>
          </label>
        </div>
      </div>
      <Concepts dissection={dissection.id} minIou={settled} />
      <UnitList slug={slug} layer={layer} dissection={dissection} dataset={dataset} minIou={settled} />
    </>
  );
}

function Concepts({ dissection, minIou }: { dissection: string; minIou: number }) {
  const { rule = 'TOP_LABEL' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error } = useLater(LayerConceptsDocument, { dissection, minIou, rule });
  if (error) return <TroubleText error={error} />;
  const concepts = data?.node && 'conceptDetectors' in data.node ? data.node.conceptDetectors.concepts : [];
  return (
    <section aria-labelledby="concepts">
      <h2 id="concepts">Concepts by number of units</h2>
      <div className={css.chart}>
        <Suspense>
          {data && (
            <ConceptChart
              concepts={concepts.map(({ concept, detectors, meanIou }) => ({ ...concept, detectors, meanIou }))}
              onChoose={(concept) =>
                navigate({
                  search: (before) => ({ ...before, concept: before.concept === concept ? undefined : concept }),
                  resetScroll: false,
                })
              }
            />
          )}
        </Suspense>
      </div>
    </section>
  );
}

interface UnitListProps {
  slug: string;
  layer: FoundLayer;
  dissection: Dissection;
  dataset: ChosenDataset;
  minIou: number;
}

function UnitList({ slug, layer, dissection, dataset, minIou }: UnitListProps) {
  const { category, q, concept, order = 'IOU_DESC', tau } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (changed: { category?: string; q?: string; concept?: string; order?: typeof order }) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true, resetScroll: false });
  const filter = {
    ...(minIou > 0 && { minIou }),
    ...(category && { category: dataset.categories.find((one) => categoryName(one) === category) }),
    ...(q && { search: q }),
    ...(concept && { concept }),
  };
  return (
    <section aria-labelledby="units">
      <h2 id="units">Units</h2>
      <search className="filters">
        <label>
          Category
          <select value={category ?? ''} onChange={(event) => set({ category: event.target.value || undefined })}>
            <option value="">any</option>
            {inPaperOrder(dataset.categories.map((one) => ({ category: one }))).map((one) => (
              <option key={one.category}>{categoryName(one.category)}</option>
            ))}
          </select>
        </label>
        <label>
          Label
          <input type="search" value={q ?? ''} onChange={(event) => set({ q: event.target.value || undefined })} />
        </label>
        <label>
          Order
          <select value={order} onChange={(event) => set({ order: event.target.value as typeof order })}>
            <option value="IOU_DESC">best IoU first</option>
            <option value="IOU_ASC">worst IoU first</option>
            <option value="INDEX_ASC">by number</option>
          </select>
        </label>
        {concept && (
          <button type="button" onClick={() => set({ concept: undefined })} aria-label={`Show others than ${concept} too`}>
            only {concept} ✕
          </button>
        )}
      </search>
      <UnitRows slug={slug} layer={layer.name} tau={tau} dissection={dissection.id} filter={filter} orderBy={order} />
    </section>
  );
}

function OtherLayers({
  slug,
  name,
  layers,
}: {
  slug: string;
  name: string;
  layers: { name: string; dissection?: { id: string } | null }[];
}) {
  const others = layers.filter((layer) => layer.name !== name && layer.dissection);
  if (others.length === 0) return null;
  return (
    <nav aria-label="Other layers" className="noprint">
      <h2>Other layers of {slug}</h2>
      <p className="row">
        {others.map((layer) => (
          <Link key={layer.name} to="/models/$model/layers/$layer" params={{ model: slug, layer: layer.name }} className="button">
            {layer.name}
          </Link>
        ))}
      </p>
    </nav>
  );
}
