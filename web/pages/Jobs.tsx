import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { answers, useAnswer, useLater } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import {
  CancelJobDocument,
  type JobState,
  JobsDocument,
  type JobsQuery,
  RemoveScheduleDocument,
  RetryJobDocument,
  SchedulesDocument,
} from '../generated/documents.ts';
import { ago, counted, duration, short, whole } from '../numbers.ts';
import { Empty } from '../parts/Empty.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { Requests } from '../parts/Requests.tsx';
import { TroubleText } from '../parts/Trouble.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Waiting } from '../parts/Waiting.tsx';
import { Wide } from '../parts/Wide.tsx';
import css from './Jobs.module.css';

const route = getRouteApi('/ingest');
/** How often the list is asked for: while something moves, and while nothing does. */
const BUSY_MS = 1_000;
const IDLE_MS = 5_000;

const STATES: Record<JobState, string> = { RUNNING: 'running', WAITING: 'waiting', DONE: 'done', FAILED: 'failed', CANCELLED: 'cancelled' };
const KINDS: Partial<Record<JobsQuery['jobs']['nodes'][number]['kind'], string>> = {
  REGISTER_MODEL: 'register a model',
  REGISTER_DATASET: 'register a dataset',
  DISSECT: 'dissect',
  SCAN: 'look for checkpoints',
  DISSECT_SERIES: 'dissect a series',
  EXPERIMENT: 'experiment',
  EXPLAIN: 'explain an image',
};
/** What mends a failure, by its code. */
const MEND: Readonly<Record<string, string>> = {
  NOT_FOUND: 'Put back what is missing, then try again.',
  LAYER_NOT_FOUND: 'npx dissectory model layers shows the names of its layers.',
  BAD_MODEL: 'The file must be opened by its runtime: export it again.',
  BAD_DATASET: 'npx dissectory dataset check shows every fault of it.',
  FORBIDDEN: 'The operator opens folders with DISSECTORY_FOLDERS.',
  WORKER_LOST: 'A worker ended too often under it: look at its log, perhaps it lacked memory.',
  STORE_FULL: 'Make room on the database’s disk, then try again.',
  CACHE_FULL: 'Give DISSECTORY_CACHE more room, then try again.',
};

type Job = JobsQuery['jobs']['nodes'][number];

export default function Jobs() {
  useTitle('Ingest');
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const isBusy = (jobs: JobsQuery | undefined) => (jobs?.running.totalCount ?? 0) + (jobs?.waiting.totalCount ?? 0) > 0;
  const { data, error } = useLater(JobsDocument, { state: state ?? null }, { refetchMs: (jobs) => (isBusy(jobs) ? BUSY_MS : IDLE_MS) });
  return (
    <>
      <h1>Ingest</h1>
      {error && <TroubleText error={error} />}
      {!data && !error && <Waiting />}
      {data && (
        <>
          <p role="status">
            {whole(data.running.totalCount)} running, {whole(data.waiting.totalCount)} waiting, {whole(data.failed.totalCount)} failed.
          </p>
          <div className="filters">
            <label>
              Jobs that are
              <select
                value={state ?? ''}
                onChange={(event) =>
                  navigate({
                    search: (before) => ({ ...before, state: (event.target.value || undefined) as JobState | undefined }),
                    replace: true,
                  })
                }
              >
                <option value="">any</option>
                {Object.entries(STATES).map(([key, name]) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </div>
          {data.jobs.nodes.length === 0 ? (
            <Empty command="npx dissectory worker">
              No such job. What is asked for below is done by a worker; npm start runs one, this another:
            </Empty>
          ) : (
            <ul className={css.jobs}>
              {data.jobs.nodes.map((job) => (
                <OneJob key={job.id} job={job} />
              ))}
            </ul>
          )}
          {data.jobs.pageInfo.hasNextPage && (
            <p className="soft small">{counted(data.jobs.totalCount, 'job')} in all; the newest forty are shown.</p>
          )}
        </>
      )}
      <h2>Ask for something</h2>
      <Requests />
      <h2>Watched folders and schedules</h2>
      <Schedules />
      <QueryShown document={JobsDocument} variables={{ state: state ?? null }} />
    </>
  );
}

function OneJob({ job }: { job: Job }) {
  const {
    number,
    kind,
    state,
    model,
    dataset,
    layers,
    dissections,
    experiment,
    error,
    waitingFor,
    worker,
    createdAt,
    startedAt,
    finishedAt,
  } = job;
  const about = [model?.slug, layers.join(', '), dataset && `over ${dataset.slug}`].filter(Boolean).join(' ');
  return (
    <li>
      <div className={css.what}>
        <strong>
          {number}: {KINDS[kind] ?? kind.toLowerCase()}
        </strong>{' '}
        {about}
        <span className="soft small">
          {' '}
          {STATES[state]}
          {state === 'DONE' && startedAt && finishedAt && ` in ${duration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)}`},{' '}
          {ago(finishedAt ?? startedAt ?? createdAt)}
          {worker && state === 'RUNNING' && ` on ${worker}`}
        </span>
        {dissections.map(({ layer }) => (
          <span key={`${layer.model.slug} ${layer.name}`} className="small">
            {' '}
            <Link to="/models/$model/layers/$layer" params={{ model: layer.model.slug, layer: layer.name }}>
              {layer.name}
            </Link>
          </span>
        ))}
        {experiment && (
          <span className="small">
            {' '}
            <Link to="/experiments/$experiment" params={{ experiment: experiment.id }}>
              its charts
            </Link>
          </span>
        )}
      </div>
      <JobButtons job={job} />
      {job.progress && state === 'RUNNING' && <Progress progress={job.progress} />}
      {waitingFor && state === 'WAITING' && <p className="soft small">{waitingFor}</p>}
      {error && (
        <div className="trouble small">
          <p>{error.message}</p>
          <p className="soft">
            <code>{error.code}</code> {MEND[error.code] ?? ''}
          </p>
        </div>
      )}
    </li>
  );
}

function Progress({
  progress: { phase, imagesDone, imageCount, imagesPerSecond, secondsLeft },
}: {
  progress: NonNullable<Job['progress']>;
}) {
  return (
    <p className={css.progress}>
      <progress value={imagesDone} max={Math.max(1, imageCount)} aria-label="Progress" />
      <span className="number small">
        {phase.toLowerCase()}, {whole(imagesDone)} of {whole(imageCount)}
        {imagesPerSecond != null && `, ${short(imagesPerSecond)} a second`}
        {secondsLeft != null && `, ${duration(secondsLeft)} left`}
      </span>
    </p>
  );
}

function JobButtons({ job: { id, number, state } }: { job: Job }) {
  const again = { onSuccess: () => answers.invalidateQueries({ queryKey: [JobsDocument.toString()] }) };
  const cancel = useMutation({ mutationFn: () => ask(CancelJobDocument, { id }), ...again });
  const retry = useMutation({ mutationFn: () => ask(RetryJobDocument, { id }), ...again });
  const error = cancel.error ?? retry.error;
  return (
    <div>
      {(state === 'RUNNING' || state === 'WAITING') && (
        <button type="button" onClick={() => cancel.mutate()} disabled={cancel.isPending} aria-label={`Cancel job ${number}`}>
          cancel
        </button>
      )}
      {(state === 'FAILED' || state === 'CANCELLED') && (
        <button type="button" onClick={() => retry.mutate()} disabled={retry.isPending} aria-label={`Try job ${number} again`}>
          try again
        </button>
      )}
      {error && <TroubleText error={error} />}
    </div>
  );
}

function Schedules() {
  const { schedules } = useAnswer(SchedulesDocument, {}, { refetchMs: IDLE_MS });
  const remove = useMutation({
    mutationFn: (name: string) => ask(RemoveScheduleDocument, { name }),
    onSuccess: () => answers.invalidateQueries({ queryKey: [SchedulesDocument.toString()] }),
  });
  if (schedules.length === 0)
    return <p className="soft">None. A watched folder is looked into once a minute; `dissectory schedule` sets other times.</p>;
  return (
    <Wide label="Schedules">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {schedules.map(({ name, cron, timeZone, kind, place, series, dataset, layers }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <code>{cron}</code> <span className="soft small">{timeZone}</span>
              </td>
              <td>
                {KINDS[kind] ?? kind.toLowerCase()} {place} {series && `of ${series}`} {dataset && `over ${dataset}`} {layers.join(', ')}
              </td>
              <td>
                <button type="button" onClick={() => remove.mutate(name)} aria-label={`Remove ${name}`}>
                  remove
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {remove.error && <TroubleText error={remove.error} />}
    </Wide>
  );
}
