import { Link, Outlet, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, Suspense } from 'react';
import { useAnswer } from '../api/answer.ts';
import { FrameDocument } from '../generated/documents.ts';
import { below } from '../root.ts';
import { chooseTheme, useTheme } from '../theme.ts';
import css from './Frame.module.css';
import { Waiting } from './Waiting.tsx';

const PAGES = [
  ['/models', 'Models'],
  ['/concepts', 'Concepts'],
  ['/compare', 'Compare'],
  ['/series', 'Series'],
  ['/explain', 'Explain'],
  ['/experiments', 'Experiments'],
  ['/ingest', 'Ingest'],
  ['/studies', 'Studies'],
] as const;

/** What stands around every page. */
export function Frame() {
  const toMain = () => document.getElementById('main')?.focus();
  return (
    <>
      <button type="button" className={css.skip} onClick={toMain}>
        Skip to the content
      </button>
      <header className={`${css.header} noprint`}>
        <Link to="/" className={css.brand}>
          Dissectory
        </Link>
        <nav aria-label="Pages" className={css.nav}>
          {PAGES.map(([to, name]) => (
            <Link key={to} to={to} activeProps={{ 'aria-current': 'page' }}>
              {name}
            </Link>
          ))}
        </nav>
        <Suspense>
          <DatasetChoice />
        </Suspense>
        <Find />
        <ThemeButton />
      </header>
      <main id="main" tabIndex={-1} className={css.main}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
      <footer className={`${css.footer} noprint soft small`}>
        Everything here comes from the <a href={below('graphiql')}>GraphQL API</a>. Units are counted from 0; a unit detects a concept when
        its IoU is above 0.04, unless a page says otherwise.
      </footer>
    </>
  );
}

/** Concepts of every model, from any page. */
function Find() {
  const navigate = useNavigate();
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const q = String(new FormData(event.currentTarget).get('q') ?? '').trim();
    navigate({ to: '/search', search: q ? { q } : {} });
  };
  return (
    <search className={css.find}>
      <form onSubmit={find}>
        <input name="q" type="search" aria-label="Find a concept, a model or a series" placeholder="dog, resnet …" />
        <button type="submit">Find</button>
      </form>
    </search>
  );
}

function DatasetChoice() {
  const { datasets, newest } = useAnswer(FrameDocument, {});
  const { dataset } = useSearch({ strict: false });
  const navigate = useNavigate();
  const dense = datasets.nodes.filter(({ kind }) => kind === 'BRODEN');
  if (dense.length < 2) return null;
  return (
    <label className={css.dataset}>
      <span className="hidden">Dataset</span>
      <select
        value={dataset ?? newest.nodes.at(0)?.dataset.slug}
        onChange={(event) => navigate({ to: '.', search: (before) => ({ ...before, dataset: event.target.value }) })}
      >
        {dense.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function ThemeButton() {
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button type="button" onClick={() => chooseTheme(other)} title={`Show it ${other}`} aria-label={`Show it ${other}`}>
      {theme === 'dark' ? '☀' : '☾'}
    </button>
  );
}
