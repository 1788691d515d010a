import { describe, expect, it } from 'vitest';
import { migrate } from '../../../store/migrate.ts';
import { createEmptyDatabase } from '../../database.ts';
import { serve } from '../graphql/api.ts';

const get = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
};

describe('/health and /ready', () => {
  it('are both 200 over a migrated database', async () => {
    const api = await serve();
    try {
      expect(await get(`${api.url}/health`)).toEqual({ status: 200, body: { status: 'ok' } });
      expect(await get(`${api.url}/ready`)).toEqual({ status: 200, body: { status: 'ready' } });
    } finally {
      await api.close();
    }
  });

  it('tell alive from ready: 503 naming the missing migration until it is applied', async () => {
    const database = await createEmptyDatabase();
    const api = await serve(undefined, database);
    try {
      expect((await get(`${api.url}/health`)).status).toBe(200);
      expect(await get(`${api.url}/ready`)).toMatchObject({ status: 503, body: { reason: expect.stringMatching(/lacks \d+_init/) } });
      await migrate(database.url);
      expect((await get(`${api.url}/ready`)).status).toBe(200);
    } finally {
      await api.close();
    }
  });
});
