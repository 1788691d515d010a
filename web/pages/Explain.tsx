import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type DragEvent, useRef, useState } from 'react';
import { useAnswer, usePages } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import { ExplainImageDocument, ExplainStartDocument, PredictionsDocument } from '../generated/documents.ts';
import { counted, short } from '../numbers.ts';
import { Empty } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import { below } from '../root.ts';
import css from './Explain.module.css';

const route = getRouteApi('/explain');
/** What the API takes. */
const MOST_BYTES = 20_000_000;

/** Why a network says of an image what it says: an image is dropped, or one is chosen of those explained before. */
export default function Explain() {
  useTitle('Explain');
  const { model, images } = route.useSearch();
  const navigate = route.useNavigate();
  const { models, datasets } = useAnswer(ExplainStartDocument, {});
  const able = models.nodes.filter(({ classes, heads }) => classes.length > 0 || heads.length > 0);
  const slug = model ?? able.find(({ heads }) => heads.length > 0)?.slug ?? able.at(0)?.slug;
  const labelled = datasets.nodes.filter(({ kind }) => kind !== 'BRODEN');
  const set = images ?? labelled.find(({ kind }) => kind === 'LABELLED')?.slug ?? labelled.at(0)?.slug;
  const change = (changed: { model?: string; images?: string; wrong?: boolean }) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  return (
    <>
      <h1>Why does a network say what it says?</h1>
      <p className="soft">
        A score is a sum: of each unit’s activation on the image, times its weight for the class. The units with the largest parts, and
        where they look, explain it.
      </p>
      {!slug ? (
        <Empty command="npx dissectory model add my-network.onnx --slug my-network">No registered model has classes. Register one:</Empty>
      ) : (
        <>
          <div className="filters">
            <label>
              Model
              <select value={slug} onChange={(event) => change({ model: event.target.value })}>
                {able.map((one) => (
                  <option key={one.slug}>{one.slug}</option>
                ))}
              </select>
            </label>
          </div>
          <Drop model={slug} />
          <h2>Explained before</h2>
          {set ? (
            <>
              <div className="filters">
                <label>
                  Images
                  <select value={set} onChange={(event) => change({ images: event.target.value })}>
                    {labelled.map((one) => (
                      <option key={one.slug} value={one.slug}>
                        {one.name}
                      </option>
                    ))}
                  </select>
                </label>
                <WrongOnly onChange={(wrong) => change({ wrong })} />
              </div>
              <Stored model={slug} images={set} />
            </>
          ) : (
            <Empty command={`npx dissectory explain ${slug} --images my-images`}>
              Nothing yet: drop an image above, or explain many at once.
            </Empty>
          )}
        </>
      )}
    </>
  );
}

function WrongOnly({ onChange }: { onChange: (wrong: boolean | undefined) => void }) {
  const { wrong } = route.useSearch();
  return (
    <button type="button" aria-pressed={wrong === true} onClick={() => onChange(wrong ? undefined : true)}>
      only wrong predictions
    </button>
  );
}

function Drop({ model }: { model: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const navigate = route.useNavigate();
  const explain = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > MOST_BYTES) throw new Error(`${file.name} is larger than 20 MB. Save it smaller.`);
      return ask(ExplainImageDocument, { input: { model, base64: await base64Of(file) } });
    },
    onSuccess: ({ explain: { id } }) => navigate({ to: '/explain/$explanation', params: { explanation: id } }),
  });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files.item(0);
    if (file) explain.mutate(file);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button does the same */}
      <div
        className={over ? `${css.drop} ${css.over}` : css.drop}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          ref={input}
          type="file"
          accept="image/*"
          className="hidden"
          aria-label="Image to explain"
          tabIndex={-1}
          onChange={(event) => {
            const file = event.target.files?.item(0);
            if (file) explain.mutate(file);
            event.target.value = '';
          }}
        />
        {explain.isPending ? (
          <p role="status" className="waiting">
            A worker runs {model} on it …
          </p>
        ) : (
          <p>
            Drop an image here, or{' '}
            <button type="button" className="primary" onClick={() => input.current?.click()}>
              choose one
            </button>
          </p>
        )}
      </div>
      {explain.error && <TroubleText error={explain.error} />}
    </>
  );
}

function Stored({ model, images }: { model: string; images: string }) {
  const { wrong } = route.useSearch();
  const variables = { model, images, wrong: wrong ?? null };
  const { data, error, hasNextPage, fetchNextPage } = usePages(PredictionsDocument, variables, ({ predictions }) => predictions.pageInfo);
  if (error) return <TroubleText error={error} />;
  if (!data) return <Waiting />;
  const predictions = data.pages.flatMap((page) => page.predictions.nodes);
  return (
    <>
      <p role="status" className="small soft">
        {predictions.length === 0
          ? `${model} has ${wrong ? 'no wrong prediction' : 'no prediction'} of these images. Explain them: npx dissectory explain ${model} --images ${images}`
          : counted(data.pages[0].predictions.totalCount, 'prediction')}
      </p>
      <ul className={css.predictions}>
        {predictions.map(({ id, image, predictedClass, trueClass, wrong: isWrong, score, explanation }) => (
          <li key={id}>
            <Link to="/explain/$explanation" params={{ explanation: explanation.id }}>
              <img src={below(image.url)} alt="" loading="lazy" style={{ aspectRatio: `${image.width} / ${image.height}` }} />
              <span>
                <strong>{predictedClass}</strong> <span className="soft number">{short(score)}</span>
              </span>
              {isWrong && <span className={css.wrong}>it is {trueClass}</span>}
            </Link>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" onClick={() => fetchNextPage()}>
          More predictions
        </button>
      )}
      <QueryShown document={PredictionsDocument} variables={variables} />
    </>
  );
}

/** Of a file's bytes. */
const base64Of = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
