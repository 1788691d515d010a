import { getRouteApi } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { useLater } from '../api/answer.ts';
import { categoryName, inPaperOrder } from '../category.ts';
import { DetectedConceptsDocument } from '../generated/documents.ts';
import { counted } from '../numbers.ts';
import { ConceptCards } from '../parts/ConceptCards.tsx';
import { EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';

const route = getRouteApi('/concepts');
const MOST = 500;

export default function Concepts() {
  useTitle('Concepts');
  const dataset = useDataset();
  return dataset ? <List dataset={dataset} /> : <EmptyStore />;
}

function List({ dataset }: { dataset: ChosenDataset }) {
  const { q, category, order = 'DETECTORS_DESC' } = route.useSearch();
  const navigate = route.useNavigate();
  const search = useDeferredValue(q);
  const chosen = category && dataset.categories.find((one) => categoryName(one) === category);
  const variables = {
    dataset: dataset.slug,
    minIou: 0.04,
    orderBy: order,
    first: MOST,
    ...(search && { search }),
    ...(chosen && { category: chosen }),
  };
  const { data, error } = useLater(DetectedConceptsDocument, variables);
  const set = (changed: { q?: string; category?: string; order?: typeof order }) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  return (
    <>
      <h1>Concepts that units detect</h1>
      <p className="soft">Of {dataset.name}, over all models: how many units detect each, and the best of them.</p>
      <search className="filters">
        <label>
          Concept
          <input type="search" value={q ?? ''} onChange={(event) => set({ q: event.target.value || undefined })} />
        </label>
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
          Order
          <select value={order} onChange={(event) => set({ order: event.target.value as typeof order })}>
            <option value="DETECTORS_DESC">most detectors first</option>
            <option value="BEST_IOU_DESC">best IoU first</option>
            <option value="NAME_ASC">by name</option>
          </select>
        </label>
      </search>
      {error && <TroubleText error={error} />}
      {!data && !error && <Waiting />}
      {data && (
        <>
          <p role="status" className="small soft">
            {data.detectedConcepts.length === 0 ? 'No unit detects such a concept.' : counted(data.detectedConcepts.length, 'concept')}
          </p>
          <ConceptCards concepts={data.detectedConcepts} />
        </>
      )}
      <QueryShown document={DetectedConceptsDocument} variables={variables} />
    </>
  );
}
