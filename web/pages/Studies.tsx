import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { useAnswer } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import { CreateStudyDocument, ModelsDocument, StudiesDocument } from '../generated/documents.ts';
import { fromText, toText } from '../layer-ref.ts';
import { ago, whole } from '../numbers.ts';
import { EmptyStore } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Wide } from '../parts/Wide.tsx';
import css from './Studies.module.css';

/** People asked what units show. */
export default function Studies() {
  useTitle('Studies');
  const dataset = useDataset();
  const { studies } = useAnswer(StudiesDocument, {});
  return (
    <>
      <h1>What do people see?</h1>
      <p className="soft">
        Raters see a phrase and the images that excite a unit most, and say whether it is true of them, without knowing whether a person or
        a method wrote it.
      </p>
      {studies.length === 0 ? (
        <p>No study yet: make one below.</p>
      ) : (
        <Wide label="Studies">
          <table>
            <thead>
              <tr>
                <th scope="col">Study</th>
                <th scope="col" className="number">
                  Units
                </th>
                <th scope="col" className="number">
                  Questions with all votes
                </th>
                <th scope="col" className="number">
                  Votes
                </th>
                <th scope="col">Made</th>
              </tr>
            </thead>
            <tbody>
              {studies.map((study) => (
                <tr key={study.slug}>
                  <th scope="row">
                    <Link to="/studies/$study" params={{ study: study.slug }}>
                      {study.title}
                    </Link>
                  </th>
                  <td className="number">{whole(study.unitCount)}</td>
                  <td className="number">
                    {whole(study.answeredCount)} of {whole(study.questionCount)}
                  </td>
                  <td className="number">{whole(study.voteCount)}</td>
                  <td className="soft small">{ago(study.createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      <h2>Make a study</h2>
      {dataset ? <Make dataset={dataset} /> : <EmptyStore />}
      <QueryShown document={StudiesDocument} variables={{}} />
    </>
  );
}

function Make({ dataset }: { dataset: ChosenDataset }) {
  const { models } = useAnswer(ModelsDocument, { dataset: dataset.slug });
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (data: FormData) => {
      const field = (name: string) => String(data.get(name) ?? '').trim();
      return ask(CreateStudyDocument, {
        input: {
          slug: field('slug'),
          title: field('title'),
          dataset: dataset.slug,
          layers: data
            .getAll('layers')
            .map((one) => fromText(String(one)))
            .filter((one) => one !== null),
          unitsPerLayer: field('units') === '' ? null : Number(field('units')),
          raters: Number(field('raters')),
          images: Number(field('images')),
        },
      });
    },
    onSuccess: ({ createStudy }) => navigate({ to: '/studies/$study', params: { study: createStudy.slug } }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={submit}>
      <div className="filters">
        <label>
          Title
          <input name="title" required maxLength={200} placeholder="Units of conv5" />
        </label>
        <label>
          Short name
          <input name="slug" required maxLength={64} placeholder="conv5-2026" />
        </label>
        <label>
          Units a layer
          <input name="units" type="number" min={1} placeholder="all" className={css.few} />
        </label>
        <label>
          Votes a question
          <input name="raters" type="number" min={1} max={25} defaultValue={3} required className={css.few} />
        </label>
        <label>
          Images a question
          <input name="images" type="number" min={1} max={16} defaultValue={15} required className={css.few} />
        </label>
      </div>
      <fieldset className={css.layers}>
        <legend>Layers</legend>
        {models.nodes.map(({ slug, deepestDissection }) => {
          if (!deepestDissection) return null;
          const layer = toText({ model: slug, layer: deepestDissection.layer.name });
          return (
            <label key={slug}>
              <input type="checkbox" name="layers" value={layer} /> {layer}
            </label>
          );
        })}
      </fieldset>
      <p>
        <button type="submit" className="primary" disabled={create.isPending}>
          Make the study
        </button>
      </p>
      {create.error && <TroubleText error={create.error} />}
    </form>
  );
}
