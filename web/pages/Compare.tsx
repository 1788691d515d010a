import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useAnswer, useLater } from '../api/answer.ts';
import { CompareDocument, type CompareQuery, type ModelFact, ModelsDocument } from '../generated/documents.ts';
import { fromText, toText } from '../layer-ref.ts';
import { counted, share, short, whole } from '../numbers.ts';
import { CategoryLegend } from '../parts/CategoryBar.tsx';
import { EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import { Wide } from '../parts/Wide.tsx';
import css from './Compare.module.css';

const CompareChart = lazy(() => import('../charts/CompareChart.tsx'));
const MeanIouChart = lazy(() => import('../charts/MeanIouChart.tsx'));
const ScatterChart = lazy(() => import('../charts/ScatterChart.tsx'));

const route = getRouteApi('/compare');
const DEFAULT_MIN_IOU = 0.04;
/** What the API takes. */
const MOST = 100;
const FACTS: Record<ModelFact, string> = {
  ARCHITECTURE: 'architecture',
  TRAINING_DATA: 'training data',
  SUPERVISION: 'supervision',
  TASK: 'task',
};

export type ComparedLayer = CompareQuery['compare']['layers'][number];

export default function Compare() {
  useTitle('Compare');
  const dataset = useDataset();
  return dataset ? <Chosen dataset={dataset} /> : <EmptyStore />;
}

function Chosen({ dataset }: { dataset: ChosenDataset }) {
  const { layers, rule = 'TOP_LABEL', minIou = DEFAULT_MIN_IOU, show = 'counts', by = 'ARCHITECTURE' } = route.useSearch();
  const navigate = route.useNavigate();
  const { models } = useAnswer(ModelsDocument, { dataset: dataset.slug });
  const dissected = models.nodes
    .filter(({ deepestDissection }) => deepestDissection)
    .sort((a, b) => (b.deepestDissection?.uniqueDetectors ?? 0) - (a.deepestDissection?.uniqueDetectors ?? 0));
  const all = dissected.map(({ slug, deepestDissection }) => toText({ model: slug, layer: deepestDissection?.layer.name ?? '' }));
  const chosen = layers ?? all.slice(0, 5);
  const set = (changed: Partial<ReturnType<typeof route.useSearch>>) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true, resetScroll: false });
  const choose = (next: string[]) => set({ layers: next });
  const rest = all.filter((one) => !chosen.includes(one));
  return (
    <>
      <h1>Compare layers</h1>
      <p className="soft">
        {layers ? 'The layers that you chose' : 'The layers with the most unique detectors'}, over {dataset.name}.
      </p>
      <ul className={css.chips} aria-label="Layers compared">
        {chosen.map((one) => (
          <li key={one}>
            {one}{' '}
            <button type="button" aria-label={`Leave out ${one}`} onClick={() => choose(chosen.filter((other) => other !== one))}>
              ✕
            </button>
          </li>
        ))}
      </ul>
      <div className="filters">
        <label>
          Add a layer
          <select value="" onChange={(event) => choose([...chosen, event.target.value])}>
            <option value="">choose …</option>
            {rest.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        {all.length > chosen.length && (
          <button type="button" onClick={() => choose(all.slice(0, MOST))}>
            All {whole(Math.min(MOST, all.length))}
          </button>
        )}
        <label>
          Count
          <select value={rule} onChange={(event) => set({ rule: event.target.value === 'PER_CATEGORY' ? 'PER_CATEGORY' : undefined })}>
            <option value="TOP_LABEL">each unit once</option>
            <option value="PER_CATEGORY">once a category, as the paper’s plots</option>
          </select>
        </label>
        <label>
          Show
          <select value={show} onChange={(event) => set({ show: event.target.value === 'ratio' ? 'ratio' : undefined })}>
            <option value="counts">unique detectors</option>
            <option value="ratio">unique detectors over units</option>
          </select>
        </label>
        <label>
          IoU above {minIou.toFixed(2)}
          <input
            type="range"
            min={0}
            max={0.3}
            step={0.01}
            value={minIou}
            onChange={(event) => set({ minIou: Number(event.target.value) })}
          />
        </label>
      </div>
      <CategoryLegend categories={dataset.categories} />
      {chosen.length === 0 ? (
        <p>Add a layer to see its bars.</p>
      ) : (
        <Compared
          layers={chosen}
          dataset={dataset}
          minIou={minIou}
          rule={rule}
          ratio={show === 'ratio'}
          by={by}
          onBy={(next) => set({ by: next })}
        />
      )}
    </>
  );
}

interface ComparedProps {
  layers: string[];
  dataset: ChosenDataset;
  minIou: number;
  rule: 'TOP_LABEL' | 'PER_CATEGORY';
  ratio: boolean;
  by: ModelFact;
  onBy: (by: ModelFact) => void;
}

function Compared({ layers, dataset, minIou, rule, ratio, by, onBy }: ComparedProps) {
  const variables = { layers: layers.map(fromText).filter((one) => one !== null), dataset: dataset.slug, minIou, rule, by: [by] };
  const { data, error } = useLater(CompareDocument, variables);
  if (error) return <TroubleText error={error} />;
  if (!data) return <Waiting />;
  const compared = data.compare.layers;
  return (
    <>
      <Suspense fallback={<Waiting />}>
        <CompareChart layers={compared} ratio={ratio} />
      </Suspense>
      <Table layers={compared} />
      <Groups groups={data.compare.groups} by={by} onBy={onBy} />
      <h2>Accuracy and unique detectors</h2>
      <Suspense fallback={<Waiting />}>
        <ScatterChart layers={compared} />
      </Suspense>
      <h2>How well the concepts with many units are detected</h2>
      <MeanIous layers={compared} minIou={minIou} rule={rule} />
      <QueryShown document={CompareDocument} variables={variables} />
    </>
  );
}

function Table({ layers }: { layers: ComparedLayer[] }) {
  const first = layers.at(0)?.uniqueDetectors ?? 0;
  return (
    <Wide label="Layers in numbers">
      <table>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col" className="number">
              Accuracy
            </th>
            <th scope="col" className="number">
              Units
            </th>
            <th scope="col" className="number">
              Detectors
            </th>
            <th scope="col" className="number">
              Unique detectors
            </th>
            <th scope="col" className="number">
              Over units
            </th>
            <th scope="col" className="number">
              To the first
            </th>
          </tr>
        </thead>
        <tbody>
          {layers.map(({ layer, dissection, unitCount, detectors, uniqueDetectors, uniqueDetectorRatio }) => (
            <tr key={layer.id}>
              <td>
                <Link to="/models/$model/layers/$layer" params={{ model: layer.model.slug, layer: layer.name }}>
                  {layer.model.slug}, {layer.name}
                </Link>
                {!dissection && <span className="soft"> not dissected</span>}
              </td>
              <td className="number">{layer.model.accuracy == null ? '–' : share(layer.model.accuracy)}</td>
              <td className="number">{whole(unitCount)}</td>
              <td className="number">{whole(detectors)}</td>
              <td className="number">{whole(uniqueDetectors)}</td>
              <td className="number" title={String(uniqueDetectorRatio)}>
                {short(uniqueDetectorRatio)}
              </td>
              <td className="number">{first === 0 ? '–' : `× ${short(uniqueDetectors / first)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

type Group = CompareQuery['compare']['groups'][number];

/** Repeats of one condition together: their mean, and how far they lie apart. */
function Groups({ groups, by, onBy }: { groups: Group[]; by: ModelFact; onBy: (by: ModelFact) => void }) {
  const nameOf = ({ architecture, trainingData, supervision, task }: Group) =>
    architecture ?? trainingData ?? supervision?.toLowerCase().replaceAll('_', '-') ?? task ?? 'not known';
  return (
    <section aria-labelledby="groups">
      <h2 id="groups">Grouped</h2>
      <div className="filters">
        <label>
          By
          <select value={by} onChange={(event) => onBy(event.target.value as ModelFact)}>
            {Object.entries(FACTS).map(([fact, name]) => (
              <option key={fact} value={fact}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Wide label="Groups">
        <table>
          <thead>
            <tr>
              <th scope="col">{FACTS[by]}</th>
              <th scope="col" className="number">
                Layers
              </th>
              <th scope="col" className="number">
                Mean unique detectors
              </th>
              <th scope="col" className="number">
                Least to most
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={nameOf(group)}>
                <td>{nameOf(group)}</td>
                <td className="number" title={group.layers.map(({ layer }) => layer.model.slug).join(', ')}>
                  {whole(group.uniqueDetectors.count)}
                </td>
                <td className="number">
                  {short(group.uniqueDetectors.mean)}{' '}
                  {group.uniqueDetectors.count > 1 && <span className="soft">± {short(group.uniqueDetectors.spread)}</span>}
                </td>
                <td className="number">
                  {whole(group.uniqueDetectors.min)} – {whole(group.uniqueDetectors.max)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

/** Of the first layer: asked for when its page is. */
function MeanIous({ layers, minIou, rule }: { layers: ComparedLayer[]; minIou: number; rule: ComparedProps['rule'] }) {
  const { at } = route.useSearch();
  const navigate = route.useNavigate();
  const dissected = layers.filter(({ dissection }) => dissection);
  const shown = dissected.find(({ layer }) => toText({ model: layer.model.slug, layer: layer.name }) === at) ?? dissected.at(0);
  return (
    <>
      <div className="filters">
        <label>
          Layer
          <select
            value={shown ? toText({ model: shown.layer.model.slug, layer: shown.layer.name }) : ''}
            onChange={(event) =>
              navigate({ search: (before) => ({ ...before, at: event.target.value }), replace: true, resetScroll: false })
            }
          >
            {dissected.map(({ layer }) => (
              <option key={layer.id}>{toText({ model: layer.model.slug, layer: layer.name })}</option>
            ))}
          </select>
        </label>
      </div>
      {shown?.dissection && (
        <Suspense fallback={<Waiting />}>
          <MeanIouChart dissection={shown.dissection.id} minIou={minIou} rule={rule} />
        </Suspense>
      )}
      {!shown && <p className="soft">{counted(0, 'layer')} of these has been dissected.</p>}
    </>
  );
}
