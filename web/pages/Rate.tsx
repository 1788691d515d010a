import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useAnswer } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import { AnswerDocument, DescribeDocument, RaterTaskDocument, type TaskFragment } from '../generated/documents.ts';
import { counted } from '../numbers.ts';
import { TroubleText } from '../parts/Trouble.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { below } from '../root.ts';
import css from './Rate.module.css';

const route = getRouteApi('/rate/$token');

/** What a rater sees: a phrase and pictures, and two large buttons; every answer is stored at once. */
export default function Rate() {
  const { token } = route.useParams();
  const { describing = false } = route.useSearch();
  const { studyTask } = useAnswer(RaterTaskDocument, { token, describing });
  const [later, setLater] = useState<{ describing: boolean; task: TaskFragment } | null>(null);
  const task = later?.describing === describing ? later.task : studyTask;
  const done = (next: TaskFragment) => setLater({ describing, task: next });
  useTitle(task.study.title);
  const navigate = route.useNavigate();
  return (
    <>
      <h1>{task.study.title}</h1>
      <p className="soft" role="status">
        {counted(task.done, 'answer')} given, {task.left} to go. Each is kept at once: you may stop and come back by the same link.
      </p>
      {task.question && <Question token={token} question={task.question} onDone={done} />}
      {task.describe && <Describe key={task.describe.unit} token={token} pictures={task.describe} onDone={done} />}
      {!task.question && !task.describe && <p>That is all for now. Thank you!</p>}
      <p className="noprint">
        <button type="button" onClick={() => navigate({ search: (before) => ({ ...before, describing: describing ? undefined : true }) })}>
          {describing ? 'Answer questions instead' : 'Describe units in your own words instead'}
        </button>
      </p>
    </>
  );
}

function Pictures({ stripUrl, count }: { stripUrl: string; count: number }) {
  return (
    <ul className={css.pictures} aria-label="Pictures">
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a picture is its place in the strip
        <li key={i}>
          <img
            src={below(stripUrl)}
            alt={`Patch ${i + 1}`}
            style={{ width: `${100 * count}%`, transform: `translateX(${(-100 * i) / count}%)` }}
          />
        </li>
      ))}
    </ul>
  );
}

type AskedQuestion = NonNullable<TaskFragment['question']>;

function Question({ token, question, onDone }: { token: string; question: AskedQuestion; onDone: (next: TaskFragment) => void }) {
  const answer = useMutation({
    mutationFn: (yes: boolean) => ask(AnswerDocument, { token, answer: { question: question.id, yes } }),
    onSuccess: ({ answerStudy }) => onDone(answerStudy),
  });
  const { mutate, isPending } = answer;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isPending || event.target instanceof HTMLInputElement) return;
      if (event.key.toLowerCase() === 'y') mutate(true);
      if (event.key.toLowerCase() === 'n') mutate(false);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [mutate, isPending]);
  return (
    <section aria-label="Question">
      <p className={css.phrase}>“{question.phrase}”</p>
      <p>Is this true of what is lit in most of these pictures?</p>
      <p className={css.buttons}>
        <button type="button" className="primary" onClick={() => mutate(true)} disabled={isPending}>
          Yes (Y)
        </button>
        <button type="button" onClick={() => mutate(false)} disabled={isPending}>
          No (N)
        </button>
      </p>
      {answer.error && <TroubleText error={answer.error} />}
      <Pictures {...question.pictures} />
    </section>
  );
}

type Described = NonNullable<TaskFragment['describe']>;

function Describe({ token, pictures, onDone }: { token: string; pictures: Described; onDone: (next: TaskFragment) => void }) {
  const describe = useMutation({
    mutationFn: (data: FormData) =>
      ask(DescribeDocument, {
        token,
        description: { unit: pictures.unit, phrase: String(data.get('phrase') ?? ''), confidence: Number(data.get('confidence')) },
      }),
    onSuccess: ({ describeUnit }) => onDone(describeUnit),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    describe.mutate(new FormData(event.currentTarget));
  };
  return (
    <section aria-label="Description">
      <form onSubmit={submit}>
        <div className="filters">
          <label>
            What is lit in most of these pictures?
            <input name="phrase" required maxLength={200} placeholder="a short phrase" />
          </label>
          <label>
            How sure are you?
            <select name="confidence" defaultValue="3">
              <option value="1">1, not at all</option>
              <option value="2">2</option>
              <option value="3">3</option>
              <option value="4">4</option>
              <option value="5">5, entirely</option>
            </select>
          </label>
          <button type="submit" className="primary" disabled={describe.isPending}>
            Next
          </button>
        </div>
      </form>
      {describe.error && <TroubleText error={describe.error} />}
      <Pictures {...pictures} />
    </section>
  );
}
