import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { ApiError, rememberKey } from '../api/ask.ts';

/** What to do next, by the code of an error of the API. */
const NEXT: Readonly<Record<string, string>> = {
  UNREACHABLE: 'Start the server again (npm start), or look at its log; then try again.',
  NOT_FOUND: 'It may have been removed, or the address mistyped. Look for it in the lists.',
  STORE_UNAVAILABLE: 'The database does not answer. When it is back, try again.',
  NO_WORKER: 'Start a worker: npx dissectory worker. npm start runs one beside the server.',
  UNAUTHENTICATED: 'Whoever runs the server makes a key: npx dissectory key create --scope ingest --name you.',
  BAD_INPUT: 'Change what is asked for, and try again.',
};

const WANT_KEY = ['UNAUTHENTICATED', 'FORBIDDEN'];

/** In the place of a page, or a part of one, that could not be shown. */
export function Trouble({ error, reset }: ErrorComponentProps) {
  const { reset: forget } = useQueryErrorResetBoundary();
  const router = useRouter();
  const again = () => {
    forget();
    reset();
    router.invalidate();
  };
  return (
    <div role="alert">
      <h1>This could not be shown</h1>
      <TroubleText error={error instanceof Error ? error : new Error(String(error))} />
      <p>
        <button type="button" onClick={again}>
          Try again
        </button>
      </p>
    </div>
  );
}

/** What went wrong, why, and the next step. */
export function TroubleText({ error }: { error: Error }) {
  const code = error instanceof ApiError ? error.code : 'UNEXPECTED';
  return (
    <div className="trouble">
      <p>{error.message}</p>
      <p className="soft small">
        <code>{code}</code> {NEXT[code] ?? 'Try again; if it stays so, the log of the server says more.'}
      </p>
      {WANT_KEY.includes(code) && <KeyForm />}
    </div>
  );
}

/** A server that other machines reach wants to know who asks. */
function KeyForm() {
  const remember = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rememberKey(String(new FormData(event.currentTarget).get('key') ?? '').trim());
    window.location.reload();
  };
  return (
    <form onSubmit={remember} className="filters">
      <label>
        Your key
        <input name="key" type="password" autoComplete="off" required />
      </label>
      <button type="submit">Use it on this machine</button>
    </form>
  );
}

export function NotFound({ what = 'page' }: { what?: string }) {
  return (
    <>
      <h1>There is no such {what}</h1>
      <p>
        Look for it among the <Link to="/models">models</Link> or the <Link to="/concepts">concepts</Link>, or go back to the{' '}
        <Link to="/">start</Link>.
      </p>
    </>
  );
}
