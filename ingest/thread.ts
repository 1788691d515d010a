import { Worker, type WorkerOptions } from 'node:worker_threads';

const fromSources = import.meta.url.endsWith('.ts');

/**
 * Starts a module as a worker thread, from the build as well as from the TypeScript sources (tests, tsx).
 *
 * `module`: `new URL('./name.ts', import.meta.url)`; where the code was built, `name.js` beside it is meant.
 */
export function startThread(module: URL, options: WorkerOptions = {}): Worker {
  if (!fromSources) return new Worker(new URL(module.href.replace(/\.ts$/, '.js')), options);
  // tsx does not reach into worker threads by itself (`--import tsx` holds for the main thread only).
  const code = `import { register } from '${import.meta.resolve('tsx/esm/api')}'; register(); await import('${module.href}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), options);
}
