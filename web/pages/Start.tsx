import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/answer.ts';
import { StartDocument, type StartQuery } from '../generated/documents.ts';
import { ago, counted, iou, whole } from '../numbers.ts';
import { CategoryBar, CategoryLegend, CategorySwatch } from '../parts/CategoryBar.tsx';
import { EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { Strip } from '../parts/Strip.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Wide } from '../parts/Wide.tsx';
import css from './Start.module.css';

export default function Start() {
  useTitle('');
  const dataset = useDataset();
  return dataset ? <Overview dataset={dataset} /> : <EmptyStore />;
}

function Overview({ dataset }: { dataset: ChosenDataset }) {
  const variables = { dataset: dataset.slug };
  const answer = useAnswer(StartDocument, variables, { refetchMs: 10_000 });
  const { models, dissections, detectors, units, striking } = answer;
  return (
    <>
      <h1>What the single units of these networks detect</h1>
      <p className="soft">
        A unit is one channel of a layer. Where it is most active it marks a region of an image; its label is the concept of{' '}
        <strong>{dataset.name}</strong> whose regions it matches best, by intersection over union (IoU).
      </p>
      <dl className={css.figures}>
        <Figure name={models.totalCount === 1 ? 'model' : 'models'} value={models.totalCount} to="/models" />
        <Figure name={dissections.totalCount === 1 ? 'dissected layer' : 'dissected layers'} value={dissections.totalCount} to="/models" />
        <Figure name={`of ${counted(units.totalCount, 'unit')} detect a concept`} value={detectors.totalCount} to="/concepts" />
      </dl>
      <Questions />
      <Running {...answer} />
      <h2>Most striking units</h2>
      <p className="soft small">
        For each concept its best unit, on the image that excites it most; what lies outside the unit’s mask is dark.
      </p>
      <ul className={css.wall}>
        {striking.map(({ concept, bestUnit }) => {
          const { layer } = bestUnit.dissection;
          return (
            <li key={bestUnit.id}>
              <Link
                to="/models/$model/layers/$layer/units/$unit"
                params={{ model: layer.model.slug, layer: layer.name, unit: String(bestUnit.index) }}
              >
                <Strip url={bestUnit.stripUrl} images={1} alt="" wide />
                <span className={css.caption}>
                  <CategorySwatch category={concept.category} /> <strong>{concept.name}</strong>{' '}
                  <span className="number">{iou(bestUnit.iou)}</span>
                  <span className="soft small">
                    {layer.model.slug}, {layer.name}, unit {bestUnit.index}
                  </span>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      <h2>Newest dissections</h2>
      <Newest dissections={dissections} categories={dataset.categories} />
      <QueryShown document={StartDocument} variables={variables} />
    </>
  );
}

function Figure({ name, value, to }: { name: string; value: number; to: string }) {
  return (
    <div>
      <dt>
        <Link to={to}>{name}</Link>
      </dt>
      <dd>{whole(value)}</dd>
    </div>
  );
}

function Questions() {
  return (
    <nav aria-label="Questions" className={css.questions}>
      <Link to="/concepts" className="button">
        Which units detect dogs, in any model?
      </Link>
      <Link to="/series" className="button">
        How did a training go?
      </Link>
      <Link to="/explain" className="button">
        Why was this image called garden?
      </Link>
      <Link to="/compare" className="button">
        What differs between networks?
      </Link>
    </nav>
  );
}

function Running({ running, waiting }: Pick<StartQuery, 'running' | 'waiting'>) {
  if (running.totalCount + waiting.totalCount === 0) return null;
  return (
    <p role="status">
      <strong>{counted(running.totalCount, 'job')}</strong> running, {whole(waiting.totalCount)} waiting.{' '}
      {running.nodes.map(({ id, model, progress }) => (
        <span key={id} className="soft">
          {model?.slug ?? 'a job'}
          {progress && ` ${progress.phase.toLowerCase()} ${whole(progress.imagesDone)} of ${whole(progress.imageCount)} images`}.{' '}
        </span>
      ))}
    </p>
  );
}

function Newest({ dissections, categories }: { dissections: StartQuery['dissections']; categories: string[] }) {
  const most = Math.max(...dissections.nodes.map(({ uniqueDetectors }) => uniqueDetectors));
  return (
    <>
      <CategoryLegend categories={categories} />
      <Wide label="Newest dissections">
        <table className={css.newest}>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col" className="number">
                Unique detectors
              </th>
              <th scope="col">By category</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {dissections.nodes.map(({ id, layer, uniqueDetectors, byCategory, createdAt }) => (
              <tr key={id}>
                <td>
                  <Link to="/models/$model/layers/$layer" params={{ model: layer.model.slug, layer: layer.name }}>
                    {layer.model.slug}, {layer.name}
                  </Link>
                </td>
                <td className="number">{whole(uniqueDetectors)}</td>
                <td className={css.bars}>
                  <CategoryBar rows={byCategory.map((row) => ({ ...row, count: row.uniqueDetectors }))} most={most} />
                </td>
                <td className="soft small">
                  <time dateTime={createdAt}>{ago(createdAt)}</time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}
