import { Link } from '@tanstack/react-router';
import { usePages } from '../api/answer.ts';
import { SeriesListDocument } from '../generated/documents.ts';
import { counted, share, whole } from '../numbers.ts';
import { Empty } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import { Wide } from '../parts/Wide.tsx';

export default function SeriesList() {
  useTitle('Series');
  const { data, error, hasNextPage, fetchNextPage } = usePages(SeriesListDocument, {}, ({ seriesList }) => seriesList.pageInfo);
  const series = data?.pages.flatMap(({ seriesList }) => seriesList.nodes) ?? [];
  return (
    <>
      <h1>Training runs</h1>
      <p className="soft">A series is one training, seen at its checkpoints.</p>
      {error && <TroubleText error={error} />}
      {!data && !error && <Waiting />}
      {data && series.length === 0 && (
        <Empty command="npx dissectory watch checkpoints --series my-run --dataset broden-mini --layers all">
          No series yet. This dissects each checkpoint that a training leaves in a folder:
        </Empty>
      )}
      {series.length > 0 && (
        <Wide label="Series">
          <table>
            <thead>
              <tr>
                <th scope="col">Series</th>
                <th scope="col" className="number">
                  Checkpoints
                </th>
                <th scope="col" className="number">
                  Iterations
                </th>
                <th scope="col" className="number">
                  Last accuracy
                </th>
              </tr>
            </thead>
            <tbody>
              {series.map(({ slug, checkpoints }) => {
                const last = checkpoints.at(-1);
                return (
                  <tr key={slug}>
                    <th scope="row">
                      <Link to="/series/$series" params={{ series: slug }}>
                        {slug}
                      </Link>
                    </th>
                    <td className="number">{whole(checkpoints.length)}</td>
                    <td className="number">{last?.iteration == null ? '–' : whole(last.iteration)}</td>
                    <td className="number">{last?.accuracy == null ? '–' : share(last.accuracy)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Wide>
      )}
      {hasNextPage && (
        <button type="button" onClick={() => fetchNextPage()}>
          More than {counted(series.length, 'series', 'series')}
        </button>
      )}
      <QueryShown document={SeriesListDocument} variables={{}} />
    </>
  );
}
