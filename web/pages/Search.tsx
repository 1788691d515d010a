import { getRouteApi, Link } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { useLater } from '../api/answer.ts';
import { SearchDocument } from '../generated/documents.ts';
import { counted } from '../numbers.ts';
import { ConceptCards } from '../parts/ConceptCards.tsx';
import { EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';

const route = getRouteApi('/search');

/** Concepts and models by a part of their name. */
export default function Search() {
  useTitle('Search');
  const dataset = useDataset();
  return dataset ? <Found dataset={dataset} /> : <EmptyStore />;
}

function Found({ dataset }: { dataset: ChosenDataset }) {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useDeferredValue(q);
  const variables = { dataset: dataset.slug, q: asked };
  const { data, error } = useLater(SearchDocument, asked === '' ? null : variables);
  return (
    <>
      <h1>Search</h1>
      <search className="filters">
        <label>
          A part of the name of a concept or a model
          <input
            type="search"
            value={q}
            onChange={(event) => navigate({ search: (before) => ({ ...before, q: event.target.value || undefined }), replace: true })}
          />
        </label>
      </search>
      {error && <TroubleText error={error} />}
      {asked !== '' && !data && !error && <Waiting />}
      {asked !== '' && data && (
        <>
          <p role="status" className="small soft">
            {counted(data.detectedConcepts.length, 'concept')}, {counted(data.models.totalCount, 'model')}
          </p>
          <h2>Concepts that units detect</h2>
          {data.detectedConcepts.length === 0 && (
            <p className="soft">
              No unit detects a concept of {dataset.name} with “{asked}” in its name.
            </p>
          )}
          <ConceptCards concepts={data.detectedConcepts} />
          <h2>Models</h2>
          {data.models.nodes.length === 0 && <p className="soft">No model has “{asked}” in its name.</p>}
          <ul>
            {data.models.nodes.map(({ slug, architecture, trainingData }) => (
              <li key={slug}>
                <Link to="/models/$model" params={{ model: slug }}>
                  {slug}
                </Link>{' '}
                <span className="soft small">{[architecture, trainingData].filter(Boolean).join(' · ')}</span>
              </li>
            ))}
          </ul>
          <QueryShown document={SearchDocument} variables={variables} />
        </>
      )}
    </>
  );
}
