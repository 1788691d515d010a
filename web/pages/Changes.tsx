import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answers, useLater } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import { type Change, ChangesDocument, type ChangesQuery, type ConceptRelation, JudgeChangeDocument } from '../generated/documents.ts';
import { fromText, type LayerName } from '../layer-ref.ts';
import { counted, iou, share, whole } from '../numbers.ts';
import { CategorySwatch } from '../parts/CategoryBar.tsx';
import { EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { Strip } from '../parts/Strip.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import css from './Changes.module.css';

const route = getRouteApi('/changes');
const DEFAULT_MIN_IOU = 0.04;
const CHANGES: Record<Exclude<Change, 'NEITHER'>, string> = { CHANGED: 'changed', KEPT: 'kept', LOST: 'lost', GAINED: 'gained' };
const RELATIONS: Record<ConceptRelation, string> = {
  SHAPE: 'shape',
  TEXTURE: 'texture',
  COLOR: 'colour',
  OBJECT_TYPE: 'kind of object',
  NONE: 'nothing',
};
const AUTHOR = 'dissectory-author';

type Changed = ChangesQuery['unitChanges']['units'][number];

/** Two layers unit by unit, such as before and after fine-tuning. */
export default function Changes() {
  useTitle('What changed');
  const dataset = useDataset();
  const { before, after } = route.useSearch();
  const [from, to] = [fromText(before ?? ''), fromText(after ?? '')];
  if (!dataset) return <EmptyStore />;
  if (!from || !to) {
    return (
      <>
        <h1>What changed</h1>
        <p>
          Choose two checkpoints: the page of a <Link to="/series">series</Link> leads here.
        </p>
      </>
    );
  }
  return <Between from={from} to={to} dataset={dataset.slug} />;
}

function Between({ from, to, dataset }: { from: LayerName; to: LayerName; dataset: string }) {
  const { change = 'CHANGED' } = route.useSearch();
  const navigate = route.useNavigate();
  const [author, setAuthor] = useState(localStorage.getItem(AUTHOR) ?? '');
  const variables = { before: from, after: to, dataset, minIou: DEFAULT_MIN_IOU, change };
  const { data, error } = useLater(ChangesDocument, variables);
  const link = ({ model, layer }: LayerName) => (
    <Link to="/models/$model/layers/$layer" params={{ model, layer }}>
      {model}, {layer}
    </Link>
  );
  return (
    <>
      <h1>What changed between two layers</h1>
      <p>
        Before: {link(from)}. After: {link(to)}.
      </p>
      {error && <TroubleText error={error} />}
      {!data && !error && <Waiting />}
      {data && (
        <>
          <p role="status">
            <strong>{whole(data.unitChanges.kept)}</strong> units keep their concept, <strong>{whole(data.unitChanges.changed)}</strong>{' '}
            change it, <strong>{whole(data.unitChanges.lost)}</strong> lose theirs, <strong>{whole(data.unitChanges.gained)}</strong> gain
            one.
            {data.unitChanges.shareKept != null && ` ${share(data.unitChanges.shareKept)} of those that detect at both ends keep it.`}
          </p>
          <div className="filters">
            <label>
              Units that
              <select
                value={change}
                onChange={(event) =>
                  navigate({ search: (all) => ({ ...all, change: event.target.value as Exclude<Change, 'NEITHER'> }), replace: true })
                }
              >
                {Object.entries(CHANGES).map(([key, name]) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            {change === 'CHANGED' && (
              <label>
                You judge as
                <input
                  value={author}
                  placeholder="your name"
                  onChange={(event) => {
                    setAuthor(event.target.value);
                    localStorage.setItem(AUTHOR, event.target.value);
                  }}
                />
              </label>
            )}
          </div>
          <p className="small soft">{counted(data.unitChanges.units.length, 'unit')}</p>
          <ul className={css.changes}>
            {data.unitChanges.units.map((one) => (
              <li key={one.index}>
                <strong>unit {one.index}</strong>
                <Side unit={one.before} name={from} index={one.index} />
                <Side unit={one.after} name={to} index={one.index} />
                {one.change === 'CHANGED' && <Verdicts changed={one} author={author} />}
              </li>
            ))}
          </ul>
          <QueryShown document={ChangesDocument} variables={variables} />
        </>
      )}
    </>
  );
}

function Side({ unit, name, index }: { unit: Changed['before']; name: LayerName; index: number }) {
  return (
    <Link to="/models/$model/layers/$layer/units/$unit" params={{ ...name, unit: String(index) }} className={css.side}>
      <Strip url={unit.stripUrl} images={4} alt="" />
      <span>
        {unit.label && <CategorySwatch category={unit.label.category} />} {unit.label?.name ?? 'no label'}{' '}
        <span className="soft number">{iou(unit.iou)}</span>
      </span>
    </Link>
  );
}

/** What people say that the new concept shares with the old one, and what the pixels say. */
function Verdicts({ changed, author }: { changed: Changed; author: string }) {
  const judge = useMutation({
    mutationFn: (relation: ConceptRelation) =>
      ask(JudgeChangeDocument, { input: { before: changed.before.id, after: changed.after.id, relation, author: author.trim() } }),
    onSuccess: () => answers.invalidateQueries({ queryKey: [ChangesDocument.toString()] }),
  });
  const { relation } = changed;
  return (
    <div className={`${css.verdicts} small`}>
      <fieldset disabled={author.trim() === '' || judge.isPending}>
        <legend>The new concept resembles the old one in</legend>
        {Object.entries(RELATIONS).map(([key, name]) => {
          const mine = changed.verdicts.some((verdict) => verdict.author === author.trim() && verdict.relation === key);
          return (
            <button key={key} type="button" aria-pressed={mine} onClick={() => judge.mutate(key as ConceptRelation)}>
              {name}
            </button>
          );
        })}
      </fieldset>
      {author.trim() === '' && <span className="soft">Say above who you are, to judge.</span>}
      {judge.error && <TroubleText error={judge.error} />}
      <p className="soft">
        {relation?.colorSimilarity != null && `Colours overlap by ${share(relation.colorSimilarity)}`}
        {relation?.textureSimilarity != null && `, textures by ${share(relation.textureSimilarity)}`}
        {changed.verdicts.length > 0 &&
          `. ${changed.verdicts.map((verdict) => `${verdict.author}: ${RELATIONS[verdict.relation]}`).join(', ')}`}
      </p>
    </div>
  );
}
