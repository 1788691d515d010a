import { Router } from 'express';
import type pg from 'pg';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/**
 * `/metrics` for Prometheus: this process, and what the queue holds, read at each scrape. Workers have their own
 * (`--metrics-port`).
 */
export function metricsRoutes(pool: pg.Pool): Router {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const depth = gauge('dissectory_queue_jobs', 'Jobs by kind and state', ['kind', 'state']);
  const age = gauge('dissectory_queue_oldest_seconds', 'How long the oldest job of a kind has waited', ['kind']);
  const rate = gauge('dissectory_images_per_second', 'Images that pass through networks, over all workers', []);
  const failed = gauge('dissectory_queue_failed_jobs', 'Failed jobs by the code of their error', ['code']);

  function gauge(name: string, help: string, labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [registry] });
  }

  async function read(): Promise<void> {
    for (const one of [depth, age, rate, failed]) one.reset();
    const jobs = await pool.query<{ kind: string; state: string; count: number; age: number }>(
      `SELECT kind, state, count(*)::int AS count, extract(epoch FROM now() - min(created_at))::float8 AS age FROM jobs GROUP BY kind, state`,
    );
    for (const { kind, state, count, age: seconds } of jobs.rows) {
      depth.set({ kind, state }, count);
      if (state === 'WAITING') age.set({ kind }, seconds);
    }
    const running = await pool.query<{ rate: number }>(
      `SELECT coalesce(sum(images_per_second), 0)::float8 AS rate FROM jobs WHERE state = 'RUNNING' AND phase = 'FORWARD' AND worker IS NOT NULL`,
    );
    rate.set(running.rows[0].rate);
    const failures = await pool.query<{ code: string; count: number }>(
      `SELECT error_code AS code, count(*)::int AS count FROM jobs WHERE state = 'FAILED' GROUP BY error_code`,
    );
    for (const { code, count } of failures.rows) failed.set({ code }, count);
  }

  const routes = Router();
  routes.get('/metrics', async (_, response) => {
    await read();
    response.type(registry.contentType).send(await registry.metrics());
  });
  return routes;
}
