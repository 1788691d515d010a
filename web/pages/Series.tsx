import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useAnswer, useLater } from '../api/answer.ts';
import { FinalLabelsDocument, OneSeriesDocument, type OneSeriesQuery } from '../generated/documents.ts';
import { toText } from '../layer-ref.ts';
import { ago, counted, iou, share, whole } from '../numbers.ts';
import { CategoryBar, CategoryLegend, CategorySwatch } from '../parts/CategoryBar.tsx';
import { Empty, EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { NotFound, TroubleText } from '../parts/Trouble.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import { Wide } from '../parts/Wide.tsx';
import css from './Series.module.css';

const SeriesChart = lazy(() => import('../charts/SeriesChart.tsx'));
const route = getRouteApi('/series/$series');
const DEFAULT_MIN_IOU = 0.04;
/** How often a page that is open looks for new checkpoints. */
const LOOK_MS = 5_000;

export type SeriesCheckpoint = NonNullable<OneSeriesQuery['series']>['checkpoints'][number];

export default function Series() {
  const { series } = route.useParams();
  useTitle(series);
  const dataset = useDataset();
  return dataset ? <OneSeries slug={series} dataset={dataset} /> : <EmptyStore />;
}

function OneSeries({ slug, dataset }: { slug: string; dataset: ChosenDataset }) {
  const { minIou = DEFAULT_MIN_IOU, rule = 'TOP_LABEL' } = route.useSearch();
  const navigate = route.useNavigate();
  const variables = { series: slug, dataset: dataset.slug, minIou, rule };
  const { series } = useAnswer(OneSeriesDocument, variables, { refetchMs: LOOK_MS });
  if (!series) return <NotFound what="series" />;
  const dissected = series.checkpoints.filter(({ model }) => model.deepestDissection);
  const last = dissected.at(-1);
  const layer = last?.model.deepestDissection?.layer.name;
  return (
    <>
      <h1>{series.name}</h1>
      <p className="soft" role="status">
        {counted(series.checkpoints.length, 'checkpoint')}, {whole(dissected.length)} dissected over {dataset.name}.
        {last && ` The newest was registered ${ago(last.model.createdAt)}; new ones appear here by themselves.`}
      </p>
      {dissected.length === 0 || !layer ? (
        <Empty command={`npx dissectory experiment checkpoints ${slug} --dataset ${dataset.slug} --layer conv5`}>
          None of its checkpoints has been dissected over {dataset.name} yet. This dissects all of them:
        </Empty>
      ) : (
        <>
          <div className="filters">
            <label>
              Count
              <select
                value={rule}
                onChange={(event) =>
                  navigate({
                    search: (before) => ({ ...before, rule: event.target.value === 'PER_CATEGORY' ? 'PER_CATEGORY' : undefined }),
                    replace: true,
                  })
                }
              >
                <option value="TOP_LABEL">each unit once</option>
                <option value="PER_CATEGORY">once a category, as the paper’s plots</option>
              </select>
            </label>
          </div>
          <CategoryLegend categories={dataset.categories} />
          <Suspense fallback={<Waiting />}>
            <SeriesChart checkpoints={dissected} />
          </Suspense>
          <Checkpoints checkpoints={dissected} />
          <Finals series={slug} layer={layer} dataset={dataset.slug} minIou={minIou} />
        </>
      )}
      <QueryShown document={OneSeriesDocument} variables={variables} />
    </>
  );
}

function Checkpoints({ checkpoints }: { checkpoints: SeriesCheckpoint[] }) {
  const most = Math.max(1, ...checkpoints.map(({ model }) => model.deepestDissection?.uniqueDetectors ?? 0));
  const refOf = ({ model }: SeriesCheckpoint) => toText({ model: model.slug, layer: model.deepestDissection?.layer.name ?? '' });
  return (
    <section aria-labelledby="checkpoints">
      <h2 id="checkpoints">Checkpoints</h2>
      <Wide label="Checkpoints in numbers">
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                Iterations
              </th>
              <th scope="col" className="number">
                Accuracy
              </th>
              <th scope="col">Layer</th>
              <th scope="col" className="number">
                Unique detectors
              </th>
              <th scope="col">By category</th>
              <th scope="col">Units since the one before</th>
            </tr>
          </thead>
          <tbody>
            {checkpoints.map((checkpoint, i) => {
              const { model, iteration, accuracy } = checkpoint;
              const dissection = model.deepestDissection;
              if (!dissection) return null;
              return (
                <tr key={model.slug}>
                  <td className="number">{iteration == null ? '–' : whole(iteration)}</td>
                  <td className="number">{accuracy == null ? '–' : share(accuracy)}</td>
                  <td>
                    <Link to="/models/$model/layers/$layer" params={{ model: model.slug, layer: dissection.layer.name }}>
                      {model.slug}, {dissection.layer.name}
                    </Link>
                  </td>
                  <td className="number">{whole(dissection.uniqueDetectors)}</td>
                  <td>
                    <CategoryBar rows={dissection.byCategory.map((row) => ({ ...row, count: row.uniqueDetectors }))} most={most} />
                  </td>
                  <td>
                    {i > 0 && (
                      <Link to="/changes" search={{ before: refOf(checkpoints[i - 1]), after: refOf(checkpoint) }}>
                        what changed
                      </Link>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
      {checkpoints.length > 2 && (
        <p>
          <Link to="/changes" search={{ before: refOf(checkpoints[0]), after: refOf(checkpoints[checkpoints.length - 1]) }}>
            What changed from the first to the last
          </Link>
        </p>
      )}
    </section>
  );
}

function Finals({ series, layer, dataset, minIou }: { series: string; layer: string; dataset: string; minIou: number }) {
  const { data, error } = useLater(FinalLabelsDocument, { series, layer, dataset, minIou });
  if (error) return <TroubleText error={error} />;
  const labels = data?.series?.finalLabels ?? [];
  if (labels.length === 0) return null;
  return (
    <section aria-labelledby="finals">
      <h2 id="finals">When the labels of {layer} came</h2>
      <p className="soft small">Of each detector at the last checkpoint: when it first detected its concept, and since when it kept it.</p>
      <Wide label="Labels of the last checkpoint" className={css.labels}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                Unit
              </th>
              <th scope="col">Label</th>
              <th scope="col" className="number">
                IoU
              </th>
              <th scope="col" className="number">
                First at
              </th>
              <th scope="col" className="number">
                Stable since
              </th>
            </tr>
          </thead>
          <tbody>
            {labels.map((one) => (
              <tr key={one.unitIndex}>
                <td className="number">{one.unitIndex}</td>
                <td>
                  <CategorySwatch category={one.label.category} /> {one.label.name}
                </td>
                <td className="number">{iou(one.iou)}</td>
                <td className="number">{one.firstAppeared.iteration == null ? '–' : whole(one.firstAppeared.iteration)}</td>
                <td className="number">{one.stableSince.iteration == null ? '–' : whole(one.stableSince.iteration)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
