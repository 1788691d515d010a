/**
 * What a worker counts, for Prometheus. What the queue holds is the server's to say: it is the same whichever worker is
 * asked.
 */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { listenError } from '../../core/machine-error.ts';

const registry = new Registry();
collectDefaultMetrics({ register: registry });

const images = new Counter({
  name: 'dissectory_images_total',
  help: 'Images that dissections passed, found done by a resumed one or not',
  registers: [registry],
});
const jobs = new Counter({
  name: 'dissectory_jobs_total',
  help: 'Tries of jobs that ended, by kind and outcome: done, or the code of the error',
  labelNames: ['kind', 'outcome'],
  registers: [registry],
});
const seconds = new Histogram({
  name: 'dissectory_job_seconds',
  help: 'How long tries of jobs took',
  labelNames: ['kind'],
  buckets: [0.1, 1, 10, 60, 300, 1800, 7200, 28800],
  registers: [registry],
});

export function countJob(kind: string, outcome: string, took: number): void {
  jobs.inc({ kind, outcome });
  seconds.observe({ kind }, took);
}

/** Counts the images of one run, of which it is told how many it has so far. */
export function countImages(): (soFar: number) => void {
  let before = 0;
  return (soFar) => {
    if (soFar > before) images.inc(soFar - before);
    before = soFar;
  };
}

/** Serves /metrics and /health. */
export async function serveMetrics(port: number): Promise<Server> {
  const server = createServer(async (request, response) => {
    if (request.url === '/health') return response.end('ok\n');
    if (request.url !== '/metrics') return response.writeHead(404).end();
    response.setHeader('content-type', registry.contentType);
    return response.end(await registry.metrics());
  });
  server.listen(port);
  await once(server, 'listening').catch((error) => {
    throw listenError(error, '0.0.0.0', port, '--metrics-port');
  });
  return server;
}
