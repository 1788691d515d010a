import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answers, useAnswer } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import { categoryName, inPaperOrder } from '../category.ts';
import { saveCsv } from '../charts/save.ts';
import { AskAboutPhrasesDocument, InviteRaterDocument, OneStudyDocument, type OneStudyQuery } from '../generated/documents.ts';
import { counted, share, short, whole } from '../numbers.ts';
import { QueryShown } from '../parts/QueryShown.tsx';
import { NotFound, TroubleText } from '../parts/Trouble.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Wide } from '../parts/Wide.tsx';
import { below } from '../root.ts';

const route = getRouteApi('/studies/$study');
/** How often results are looked at while the page is open. */
const LOOK_MS = 5_000;

type Shown = NonNullable<OneStudyQuery['study']>;
type Result = Shown['results'][number];

export default function Study() {
  const { study: slug } = route.useParams();
  const { study } = useAnswer(OneStudyDocument, { study: slug }, { refetchMs: LOOK_MS });
  useTitle(study?.title ?? 'Study');
  if (!study) return <NotFound what="study" />;
  return (
    <>
      <h1>{study.title}</h1>
      <p role="status">
        {counted(study.unitCount, 'unit')}; {whole(study.answeredCount)} of {counted(study.questionCount, 'question')} have their{' '}
        {counted(study.raters, 'vote')}; {counted(study.voteCount, 'vote')} and {counted(study.phraseCount, 'phrase')} so far.
      </p>
      <Results study={study} />
      <h2>Agreement</h2>
      <p>
        {study.fleissKappa == null
          ? 'Not known yet: it takes questions with two votes and different answers.'
          : `Fleiss’ kappa ${short(study.fleissKappa)}: 1 where raters always agree, 0 where only by chance.`}
      </p>
      <Raters study={study} />
      <QueryShown document={OneStudyDocument} variables={{ study: slug }} />
    </>
  );
}

const orNot = (value: number | null | undefined) => (value == null ? 'n/a' : share(value));

/** As the paper's Table 3: a column a layer. */
function Results({ study: { results, title } }: { study: Shown }) {
  const layers = results.filter(({ category }) => category == null);
  const categories = inPaperOrder(
    [...new Set(results.map(({ category }) => category))].filter((one) => one != null).map((category) => ({ category })),
  );
  const find = (layer: Result['layer'], category: string | null) =>
    results.find(
      (one) => (one.category ?? null) === category && one.layer.name === layer.name && one.layer.model.slug === layer.model.slug,
    );
  const counts = (result: Result | undefined) => (result ? `${whole(result.interpretable)}/${whole(result.units)}` : 'n/a');
  const lines: [string, (result: Result | undefined) => string][] = [
    ['Interpretable units', counts],
    ['Human consistency', (result) => orNot(result?.humanConsistency)],
    ['Network Dissection', (result) => orNot(result?.method)],
  ];
  const csv = {
    columns: ['model', 'layer', 'category', 'units', 'interpretable', 'human consistency', 'Network Dissection'],
    rows: results.map(({ layer, category, units, interpretable, humanConsistency, method }) => [
      layer.model.slug,
      layer.name,
      category ? categoryName(category) : '',
      units,
      interpretable,
      humanConsistency ?? 'n/a',
      method ?? 'n/a',
    ]),
  };
  return (
    <section aria-labelledby="results">
      <h2 id="results">Results</h2>
      <Wide label="Results by layer">
        <table>
          <thead>
            <tr>
              <td />
              {layers.map(({ layer }) => (
                <th key={`${layer.model.slug} ${layer.name}`} scope="col" className="number" title={layer.model.slug}>
                  <Link to="/models/$model/layers/$layer" params={{ model: layer.model.slug, layer: layer.name }}>
                    {layer.name}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {layers.map(({ layer }) => (
                  <td key={`${layer.model.slug} ${layer.name}`} className="number">
                    {value(find(layer, null))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          {categories.map(({ category }) => (
            <tbody key={category}>
              <tr>
                <th scope="rowgroup" colSpan={layers.length + 1}>
                  {categoryName(category)}
                </th>
              </tr>
              {lines.map(([name, value]) => (
                <tr key={name}>
                  <td>{name}</td>
                  {layers.map(({ layer }) => (
                    <td key={`${layer.model.slug} ${layer.name}`} className="number">
                      {value(find(layer, category))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </Wide>
      <p className="row noprint">
        <button type="button" onClick={() => saveCsv(title, csv)}>
          CSV
        </button>
      </p>
      <p className="soft small">
        Interpretable: most raters find a person’s phrase true. Of those units, human consistency is the share whose phrase is found true
        when asked about again, and Network Dissection the share whose label is. n/a: nobody was asked.
      </p>
    </section>
  );
}

function Raters({ study }: { study: Shown }) {
  const [links, setLinks] = useState<{ name: string; link: string }[]>([]);
  const renew = () => answers.invalidateQueries({ queryKey: [OneStudyDocument.toString()] });
  const invite = useMutation({
    mutationFn: (name: string) => ask(InviteRaterDocument, { study: study.slug, name }),
    onSuccess: ({ inviteRater: { name, token } }) => {
      setLinks((before) => [...before, { name, link: new URL(below(`rate/${token}`), window.location.origin).href }]);
      renew();
    },
  });
  const askPeople = useMutation({ mutationFn: () => ask(AskAboutPhrasesDocument, { study: study.slug }), onSuccess: renew });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    invite.mutate(String(new FormData(event.currentTarget).get('name') ?? ''));
    event.currentTarget.reset();
  };
  return (
    <section aria-labelledby="raters" className="noprint">
      <h2 id="raters">Raters</h2>
      {study.people.length > 0 && (
        <ul>
          {study.people.map(({ name, voteCount, phraseCount }) => (
            <li key={name}>
              {name}: {counted(voteCount, 'vote')}, {counted(phraseCount, 'phrase')}
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="filters">
        <label>
          Name
          <input name="name" required maxLength={200} />
        </label>
        <button type="submit" disabled={invite.isPending}>
          Make a link
        </button>
      </form>
      {invite.error && <TroubleText error={invite.error} />}
      <div role="status">
        {links.map(({ name, link }) => (
          <p key={link}>
            For {name}: <a href={link}>{link}</a>{' '}
            <span className="soft small">It is shown only now; a new link for the same name keeps the answers.</span>
          </p>
        ))}
      </div>
      <p className="row">
        <button type="button" onClick={() => askPeople.mutate()} disabled={study.phraseCount === 0 || askPeople.isPending}>
          Ask about the phrases that raters wrote
        </button>
        <span className="soft small">For each unit the most common one, else the most confident.</span>
      </p>
      {askPeople.error && <TroubleText error={askPeople.error} />}
    </section>
  );
}
