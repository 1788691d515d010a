import { createRootRoute, createRoute, createRouter, lazyRouteComponent, retainSearchParams } from '@tanstack/react-router';
import { Frame } from './parts/Frame.tsx';
import { NotFound, Trouble } from './parts/Trouble.tsx';
import { Waiting } from './parts/Waiting.tsx';
import { ROOT } from './root.ts';
import { flag, number, oneOf, search, text, texts } from './search.ts';

const rule = oneOf('TOP_LABEL', 'PER_CATEGORY');

/** Of every page. */
const everywhere = search({ dataset: text });

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => <NotFound />,
  validateSearch: everywhere,
  search: { middlewares: [retainSearchParams<ReturnType<typeof everywhere>>(['dataset'])] },
});

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/Start.tsx')),
});
const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: search({
    q: text,
    architecture: text,
    trained: text,
    supervision: text,
    series: text,
    sort: oneOf('detectors', 'accuracy', 'name'),
  }),
  component: lazyRouteComponent(() => import('./pages/Models.tsx')),
});
const model = createRoute({
  getParentRoute: () => root,
  path: '/models/$model',
  component: lazyRouteComponent(() => import('./pages/Model.tsx')),
});
const layer = createRoute({
  getParentRoute: () => root,
  path: '/models/$model/layers/$layer',
  validateSearch: search({
    tau: number,
    rule,
    minIou: number,
    category: text,
    q: text,
    concept: text,
    order: oneOf('IOU_DESC', 'IOU_ASC', 'INDEX_ASC'),
    view: oneOf('rows', 'pictures'),
  }),
  component: lazyRouteComponent(() => import('./pages/Layer.tsx')),
});
const unit = createRoute({
  getParentRoute: () => root,
  path: '/models/$model/layers/$layer/units/$unit',
  validateSearch: search({ tau: number }),
  component: lazyRouteComponent(() => import('./pages/Unit.tsx')),
});
const concepts = createRoute({
  getParentRoute: () => root,
  path: '/concepts',
  validateSearch: search({ q: text, category: text, order: oneOf('DETECTORS_DESC', 'BEST_IOU_DESC', 'NAME_ASC') }),
  component: lazyRouteComponent(() => import('./pages/Concepts.tsx')),
});
const concept = createRoute({
  getParentRoute: () => root,
  path: '/concepts/$category/$concept',
  validateSearch: search({ minIou: number }),
  component: lazyRouteComponent(() => import('./pages/Concept.tsx')),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: search({
    layers: texts,
    rule,
    minIou: number,
    show: oneOf('counts', 'ratio'),
    by: oneOf('ARCHITECTURE', 'TRAINING_DATA', 'SUPERVISION', 'TASK'),
    at: text,
  }),
  component: lazyRouteComponent(() => import('./pages/Compare.tsx')),
});
const seriesList = createRoute({
  getParentRoute: () => root,
  path: '/series',
  component: lazyRouteComponent(() => import('./pages/SeriesList.tsx')),
});
const series = createRoute({
  getParentRoute: () => root,
  path: '/series/$series',
  validateSearch: search({ rule, minIou: number }),
  component: lazyRouteComponent(() => import('./pages/Series.tsx')),
});
const changes = createRoute({
  getParentRoute: () => root,
  path: '/changes',
  validateSearch: search({ before: text, after: text, change: oneOf('CHANGED', 'KEPT', 'LOST', 'GAINED') }),
  component: lazyRouteComponent(() => import('./pages/Changes.tsx')),
});
const experiments = createRoute({
  getParentRoute: () => root,
  path: '/experiments',
  component: lazyRouteComponent(() => import('./pages/Experiments.tsx')),
});
const experiment = createRoute({
  getParentRoute: () => root,
  path: '/experiments/$experiment',
  validateSearch: search({ rule, unit: number }),
  component: lazyRouteComponent(() => import('./pages/Experiment.tsx')),
});
const explain = createRoute({
  getParentRoute: () => root,
  path: '/explain',
  validateSearch: search({ model: text, images: text, wrong: flag }),
  component: lazyRouteComponent(() => import('./pages/Explain.tsx')),
});
const explanation = createRoute({
  getParentRoute: () => root,
  path: '/explain/$explanation',
  component: lazyRouteComponent(() => import('./pages/Explanation.tsx')),
});
const ingest = createRoute({
  getParentRoute: () => root,
  path: '/ingest',
  validateSearch: search({ state: oneOf('RUNNING', 'WAITING', 'DONE', 'FAILED', 'CANCELLED') }),
  component: lazyRouteComponent(() => import('./pages/Jobs.tsx')),
});
const studies = createRoute({
  getParentRoute: () => root,
  path: '/studies',
  component: lazyRouteComponent(() => import('./pages/Studies.tsx')),
});
const study = createRoute({
  getParentRoute: () => root,
  path: '/studies/$study',
  component: lazyRouteComponent(() => import('./pages/Study.tsx')),
});
const rate = createRoute({
  getParentRoute: () => root,
  path: '/rate/$token',
  validateSearch: search({ describing: flag }),
  component: lazyRouteComponent(() => import('./pages/Rate.tsx')),
});
const find = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: search({ q: text }),
  component: lazyRouteComponent(() => import('./pages/Search.tsx')),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    models,
    model,
    layer,
    unit,
    concepts,
    concept,
    compare,
    seriesList,
    series,
    changes,
    experiments,
    experiment,
    explain,
    explanation,
    ingest,
    studies,
    study,
    rate,
    find,
  ]),
  basepath: ROOT,
  defaultPreload: 'intent',
  defaultErrorComponent: Trouble,
  defaultPendingComponent: Waiting,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
