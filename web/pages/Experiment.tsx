import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useAnswer } from '../api/answer.ts';
import { ExperimentDocument, type ExperimentQuery } from '../generated/documents.ts';
import { short, whole } from '../numbers.ts';
import { QueryShown } from '../parts/QueryShown.tsx';
import { NotFound } from '../parts/Trouble.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';

const RotationChart = lazy(() => import('../charts/RotationChart.tsx'));
const TauChart = lazy(() => import('../charts/TauChart.tsx'));
const UnitTauChart = lazy(() => import('../charts/UnitTauChart.tsx'));
const route = getRouteApi('/experiments/$experiment');

type Shown = Extract<ExperimentQuery['node'], { __typename: 'Experiment' }>;

export default function Experiment() {
  const { experiment: id } = route.useParams();
  const { rule = 'TOP_LABEL' } = route.useSearch();
  const navigate = route.useNavigate();
  const variables = { id, minIou: 0.04, rule };
  const { node } = useAnswer(ExperimentDocument, variables);
  const found = node?.__typename === 'Experiment' ? node : null;
  useTitle(found ? `${found.layer.model.slug}, ${found.layer.name}` : 'Experiment');
  if (!found) return <NotFound what="experiment" />;
  const { kind, layer, dataset } = found;
  return (
    <>
      <h1>{kind === 'ROTATION' ? 'Are single units special?' : 'What does the threshold change?'}</h1>
      <p>
        <Link to="/models/$model/layers/$layer" params={{ model: layer.model.slug, layer: layer.name }}>
          {layer.model.slug}, {layer.name}
        </Link>{' '}
        over {dataset.name},{' '}
        {kind === 'ROTATION'
          ? 'in its own basis and turned by random rotations'
          : 'at several shares tau of activations above the threshold'}
        .
      </p>
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
      {kind === 'ROTATION' ? <Rotation experiment={found} /> : <Taus experiment={found} />}
      <QueryShown document={ExperimentDocument} variables={variables} />
    </>
  );
}

function Rotation({ experiment: { rotation } }: { experiment: Shown }) {
  return (
    <>
      <Suspense fallback={<Waiting />}>
        <RotationChart rotation={rotation} />
      </Suspense>
      <table>
        <thead>
          <tr>
            <th scope="col" className="number">
              Alpha
            </th>
            <th scope="col" className="number">
              Rotations
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
          {rotation.map(({ alpha, uniqueDetectors: { count, mean, min, max } }) => (
            <tr key={alpha}>
              <td className="number">{alpha}</td>
              <td className="number">{alpha === 0 ? 'own basis' : whole(count)}</td>
              <td className="number">{short(mean)}</td>
              <td className="number">
                {whole(min)} – {whole(max)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Taus({ experiment }: { experiment: Shown }) {
  const { unit = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Suspense fallback={<Waiting />}>
        <TauChart dissections={experiment.dissections} />
      </Suspense>
      <h2>IoU of one unit against tau</h2>
      <div className="filters">
        <label>
          Unit
          <input
            type="number"
            min={0}
            max={experiment.layer.unitCount - 1}
            value={unit}
            onChange={(event) => navigate({ search: (before) => ({ ...before, unit: Number(event.target.value) }), replace: true })}
          />
        </label>
      </div>
      <Suspense fallback={<Waiting />}>
        <UnitTauChart id={experiment.id} unit={Math.min(Math.max(0, Math.round(unit)), experiment.layer.unitCount - 1)} />
      </Suspense>
    </>
  );
}
