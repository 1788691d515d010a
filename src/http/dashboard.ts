import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Router } from 'express';
import sirv from 'sirv';
import { PACKAGE_ROOT } from '../../store/package.ts';

const FOLDER = path.join(PACKAGE_ROOT, 'dist', 'web');

/** Everything comes from this server; nothing is inline. Pictures that a page draws itself are blobs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The dashboard, as `npm run build` left it: its files below /assets, kept for ever by the hashes in their names, and
 * its page for every other path that a browser asks for, because its routes are paths. The page finds its files and the
 * API by relative paths, so it works below any path of a proxy that takes that path off.
 */
export function dashboard(): Router {
  const routes = Router();
  const page = readPage();
  const assets = path.join(FOLDER, 'assets');
  if (existsSync(assets)) routes.use('/assets', sirv(assets, { maxAge: 31_536_000, immutable: true, brotli: true, gzip: true }));
  routes.get('/icon.svg', (_, response) => response.sendFile(path.join(FOLDER, 'icon.svg')));
  routes.get('/{*path}', (request, response, next) => {
    // The first page is also there for whoever asks without saying what for, as curl does.
    if (request.path !== '/' && !/\btext\/html\b/.test(request.get('accept') ?? '')) return next();
    response.set({ 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin' });
    response.set('Cache-Control', 'no-cache').type('html').send(below(page, request.path));
  });
  return routes;
}

/** The page with its relative paths as seen from `path`. */
function below(page: string, path: string): string {
  const depth = path.split('/').length - 2;
  return page.replaceAll('"./', `"${depth > 0 ? '../'.repeat(depth) : './'}`);
}

function readPage(): string {
  try {
    return readFileSync(path.join(FOLDER, 'index.html'), 'utf8');
  } catch {
    return '<!doctype html><title>Dissectory</title><p>The dashboard has not been built: run <code>npm run build</code>. The API answers at <a href="./graphiql">graphiql</a>.';
  }
}
