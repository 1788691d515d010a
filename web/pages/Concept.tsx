import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer, usePages } from '../api/answer.ts';
import { categoryName } from '../category.ts';
import { ConceptDocument, type ConceptQuery, ConceptUnitsDocument } from '../generated/documents.ts';
import { counted, share, whole } from '../numbers.ts';
import { CategorySwatch } from '../parts/CategoryBar.tsx';
import { EmptyStore } from '../parts/Empty.tsx';
import { IouBar } from '../parts/IouBar.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { Strip } from '../parts/Strip.tsx';
import { NotFound, TroubleText } from '../parts/Trouble.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import { below } from '../root.ts';
import css from './Concept.module.css';

const route = getRouteApi('/concepts/$category/$concept');
const DEFAULT_MIN_IOU = 0.04;
/** Units a sprite. */
const ROWS = 8;

type FoundConcept = NonNullable<ConceptQuery['concept']>;

export default function Concept() {
  const { concept } = route.useParams();
  useTitle(concept);
  const dataset = useDataset();
  return dataset ? <OneConcept dataset={dataset} /> : <EmptyStore />;
}

function OneConcept({ dataset }: { dataset: ChosenDataset }) {
  const { concept: name, category } = route.useParams();
  const variables = { dataset: dataset.slug, name, category: dataset.categories.find((one) => categoryName(one) === category) };
  const { concept } = useAnswer(ConceptDocument, variables);
  if (!concept || !variables.category) return <NotFound what="concept" />;
  return (
    <>
      <h1>{concept.name}</h1>
      <p className="row">
        <span>
          <CategorySwatch category={concept.category} /> {categoryName(concept.category)}
        </span>
        {concept.synonyms.length > 0 && <span className="soft">also {concept.synonyms.join(', ')}</span>}
        <span className="soft">
          on {counted(concept.frequency, 'image')} of {dataset.name}
        </span>
      </p>
      <Units concept={concept} dataset={dataset.slug} />
      <Images concept={concept} />
      <QueryShown document={ConceptDocument} variables={variables} />
    </>
  );
}

function Units({ concept, dataset }: { concept: FoundConcept; dataset: string }) {
  const { minIou = DEFAULT_MIN_IOU } = route.useSearch();
  const navigate = route.useNavigate();
  const variables = { dataset, name: concept.name, category: concept.category, minIou };
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = usePages(
    ConceptUnitsDocument,
    variables,
    ({ units }) => units.pageInfo,
  );
  if (error) return <TroubleText error={error} />;
  const total = data?.pages.at(0)?.units.totalCount ?? 0;
  return (
    <section aria-labelledby="units">
      <h2 id="units">Units that detect it, in any model</h2>
      <div className="filters">
        <label>
          With an IoU above {minIou.toFixed(2)}
          <input
            type="range"
            min={0}
            max={0.5}
            step={0.01}
            value={minIou}
            onChange={(event) => navigate({ search: (before) => ({ ...before, minIou: Number(event.target.value) }), replace: true })}
          />
        </label>
      </div>
      <p role="status" className="small soft">
        {data && (total === 0 ? `No unit detects ${concept.name} with such an IoU.` : `${counted(total, 'unit')}, best first`)}
      </p>
      {!data && <Waiting />}
      <ol className={css.units}>
        {data?.pages.flatMap(({ units }) =>
          units.nodes.map((unit, i) => {
            const { layer } = unit.dissection;
            const sprite = units.sprites.at(Math.floor(i / ROWS));
            return (
              <li key={unit.id}>
                <Link
                  to="/models/$model/layers/$layer/units/$unit"
                  params={{ model: layer.model.slug, layer: layer.name, unit: String(unit.index) }}
                >
                  <span className={css.text}>
                    <strong>{layer.model.slug}</strong>
                    <span className="soft small">
                      {layer.name}, unit {unit.index}
                    </span>
                    <IouBar iou={unit.iou} category={concept.category} />
                  </span>
                  <Strip url={sprite?.url} images={7} row={i % ROWS} rows={sprite?.rows ?? 1} alt="" />
                </Link>
              </li>
            );
          }),
        )}
      </ol>
      {hasNextPage && (
        <button type="button" onClick={() => fetchNextPage()} disabled={isFetchingNextPage}>
          More units
        </button>
      )}
    </section>
  );
}

function Images({ concept }: { concept: FoundConcept }) {
  const { nodes, totalCount } = concept.images;
  if (nodes.length === 0) return null;
  return (
    <section aria-labelledby="images">
      <h2 id="images">Images that carry it</h2>
      <p className="small soft">
        The {whole(nodes.length)} of {counted(totalCount, 'image')} with the most of it; the share of their labelled pixels.
      </p>
      <ul className={css.images}>
        {nodes.map(({ image, coverage }) => (
          <li key={image.id}>
            <img src={below(image.url)} alt={image.file} loading="lazy" style={{ aspectRatio: `${image.width} / ${image.height}` }} />
            <span className="small soft number">{share(coverage)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
