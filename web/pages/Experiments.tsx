import { Link } from '@tanstack/react-router';
import { usePages } from '../api/answer.ts';
import { ExperimentsDocument } from '../generated/documents.ts';
import { ago } from '../numbers.ts';
import { Empty } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import { Wide } from '../parts/Wide.tsx';

export const KINDS = { ROTATION: 'rotations of the basis', TAU_SWEEP: 'a sweep of tau' } as const;

export default function Experiments() {
  useTitle('Experiments');
  const { data, error, hasNextPage, fetchNextPage } = usePages(ExperimentsDocument, {}, ({ experiments }) => experiments.pageInfo);
  const experiments = data?.pages.flatMap((page) => page.experiments.nodes) ?? [];
  return (
    <>
      <h1>Experiments</h1>
      <p className="soft">Dissections of one layer that were made to be compared: in turned bases, or at other thresholds.</p>
      {error && <TroubleText error={error} />}
      {!data && !error && <Waiting />}
      {data && experiments.length === 0 && (
        <Empty command="npx dissectory experiment rotation scenes-alexnet-fc --layer conv5 --dataset broden-mini">
          None yet. This asks whether single units are special, by turning the basis of a layer:
        </Empty>
      )}
      {experiments.length > 0 && (
        <Wide label="Experiments">
          <table>
            <thead>
              <tr>
                <th scope="col">Layer</th>
                <th scope="col">What varies</th>
                <th scope="col">Dataset</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {experiments.map(({ id, kind, layer, dataset, createdAt }) => (
                <tr key={id}>
                  <th scope="row">
                    <Link to="/experiments/$experiment" params={{ experiment: id }}>
                      {layer.model.slug}, {layer.name}
                    </Link>
                  </th>
                  <td>{KINDS[kind]}</td>
                  <td>{dataset.slug}</td>
                  <td className="soft small">{ago(createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {hasNextPage && (
        <button type="button" onClick={() => fetchNextPage()}>
          More
        </button>
      )}
      <QueryShown document={ExperimentsDocument} variables={{}} />
    </>
  );
}
