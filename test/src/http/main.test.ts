import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../database.ts';

const MAIN = path.join(import.meta.dirname, '../../../src/main.ts');

function start(env: Record<string, string>): ChildProcess & { text: { out: string; err: string } } {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    text.out += data;
  });
  child.stderr.on('data', (data) => {
    text.err += data;
  });
  return Object.assign(child, { text });
}

describe('the server process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints one line with its URL, serves, and ends on %s with status 0', async (signal) => {
    const database = await createDatabase();
    const server = start({ DATABASE_URL: database.url, PORT: '0' });
    try {
      const lines = createInterface({ input: server.stdout as NodeJS.ReadableStream });
      const [line] = (await once(lines, 'line')) as [string];
      const url = line.match(/http:\/\/localhost:\d+/)?.[0];
      expect((await fetch(`${url}/ready`)).status).toBe(200);
      server.kill(signal);
      expect(await once(server, 'close')).toEqual([0, null]);
      expect(server.text).toEqual({ out: `${line}\n`, err: '' });
    } finally {
      server.kill('SIGKILL');
      await database.drop();
    }
  });

  it.each([
    [{ PORT: 'http' }, 'BAD_INPUT: PORT must be a number from 0 to 65535, not "http".\n'],
    [{ DATABASE_URL: 'postgresql://127.0.0.1:1/none' }, /^STORE_UNAVAILABLE: .*\n$/],
  ])('ends with status 1 and one sentence with %o', async (env, message) => {
    const server = start(env);
    expect(await once(server, 'close')).toEqual([1, null]);
    expect(server.text).toEqual({ out: '', err: expect.stringMatching(message) });
  });

  it('says so when its port is taken', async () => {
    const database = await createDatabase();
    const first = start({ DATABASE_URL: database.url, PORT: '0' });
    try {
      const [line] = (await once(createInterface({ input: first.stdout as NodeJS.ReadableStream }), 'line')) as [string];
      const second = start({ DATABASE_URL: database.url, PORT: line.match(/:(\d+)/)?.[1] ?? '' });
      expect(await once(second, 'close')).toEqual([1, null]);
      expect(second.text.err).toMatch(/^CONFLICT: Port \d+ of 127\.0\.0\.1 is taken.*\n$/);
    } finally {
      first.kill('SIGKILL');
      await database.drop();
    }
  });
});
