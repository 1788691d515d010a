import { Router } from 'express';
import type pg from 'pg';
import { schemaState } from '../../store/schema-state.ts';
import { publicError } from './public-errors.ts';

/**
 * `/health`: 200 as long as the process answers. `/ready`: 200 when queries can be answered, else 503 and the reason.
 */
export function healthRoutes(pool: pg.Pool): Router {
  const routes = Router();
  routes.get('/health', (_, response) => {
    response.json({ status: 'ok' });
  });
  routes.get('/ready', async (_, response) => {
    const reason = await whyNotReady(pool);
    if (reason === null) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready', reason });
  });
  return routes;
}

/** null when the database answers and has had every migration of this version. */
async function whyNotReady(pool: pg.Pool): Promise<string | null> {
  try {
    const { pending, refusal } = await schemaState(pool);
    if (refusal) return refusal.message;
    if (pending.length === 0) return null;
    return `The database still lacks ${pending.map(({ name }) => name).join(', ')}: the next ingest command, or \`prisma migrate deploy\`, applies it.`;
  } catch (error) {
    return publicError(error, { path: '/ready' }).message;
  }
}
