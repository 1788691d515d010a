import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../api/answer.ts';
import { ModelDocument, type ModelQuery } from '../generated/documents.ts';
import { counted, iou, share, whole } from '../numbers.ts';
import { CategoryBar, CategoryLegend } from '../parts/CategoryBar.tsx';
import { Empty, EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { Strip } from '../parts/Strip.tsx';
import { NotFound } from '../parts/Trouble.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import css from './Model.module.css';

const route = getRouteApi('/models/$model');

export default function Model() {
  const { model: slug } = route.useParams();
  useTitle(slug);
  const dataset = useDataset();
  return dataset ? <OneModel slug={slug} dataset={dataset} /> : <EmptyStore />;
}

function OneModel({ slug, dataset }: { slug: string; dataset: ChosenDataset }) {
  const variables = { model: slug, dataset: dataset.slug };
  const { model } = useAnswer(ModelDocument, variables);
  if (!model) return <NotFound what="model" />;
  const dissected = model.layers.filter(({ dissection }) => dissection);
  const most = Math.max(1, ...dissected.map(({ dissection }) => dissection?.uniqueDetectors ?? 0));
  return (
    <>
      <h1>{model.slug}</h1>
      <Facts model={model} />
      <h2>Layers, from the input to the output</h2>
      {dissected.length === 0 ? (
        <Empty command={`npx dissectory dissect ${model.slug} --dataset ${dataset.slug} --layers all`}>
          No layer of it has been dissected over {dataset.name} yet. This does it:
        </Empty>
      ) : (
        <>
          <CategoryLegend categories={dataset.categories} />
          <ul className={css.layers}>
            {dissected.map(
              ({ name, unitCount, dissection }) =>
                dissection && (
                  <li key={name}>
                    <Link to="/models/$model/layers/$layer" params={{ model: slug, layer: name }} className={css.name}>
                      {name}
                    </Link>
                    <span className={css.counts}>
                      {counted(dissection.uniqueDetectors, 'unique detector')}{' '}
                      <span className="soft small">
                        {whole(dissection.detectors)} of {counted(unitCount, 'unit')} detect a concept
                      </span>
                    </span>
                    <CategoryBar rows={dissection.byCategory.map((row) => ({ ...row, count: row.uniqueDetectors }))} most={most} />
                    <BestUnits slug={slug} layer={name} units={dissection.units.nodes} />
                  </li>
                ),
            )}
          </ul>
        </>
      )}
      <QueryShown document={ModelDocument} variables={variables} />
    </>
  );
}

type Dissection = NonNullable<NonNullable<ModelQuery['model']>['layers'][number]['dissection']>;

function BestUnits({ slug, layer, units }: { slug: string; layer: string; units: Dissection['units']['nodes'] }) {
  return (
    <ul className={css.best} aria-label={`Best units of ${layer}`}>
      {units.map(({ index, iou: value, label, stripUrl }) => (
        <li key={index}>
          <Link to="/models/$model/layers/$layer/units/$unit" params={{ model: slug, layer, unit: String(index) }}>
            <Strip url={stripUrl} images={1} alt="" />
            <span className="small">
              {label?.name ?? 'no label'} <span className="number soft">{iou(value)}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Facts({ model }: { model: NonNullable<ModelQuery['model']> }) {
  const facts: [string, string | null | undefined][] = [
    ['Architecture', model.architecture],
    ['Trained on', model.trainingData],
    ['Supervision', model.supervision?.toLowerCase().replaceAll('_', '-')],
    ['Task', model.task],
    ['Accuracy', model.accuracy == null ? null : share(model.accuracy)],
    ['Classes', model.classes.length === 0 ? null : whole(model.classes.length)],
    ['Iteration', model.iteration == null ? null : whole(model.iteration)],
    ['Input', model.inputShape.length === 0 ? null : model.inputShape.join(' × ')],
  ];
  return (
    <dl className={css.facts}>
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
