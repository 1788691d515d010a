import { expect, it } from 'vitest';
import { startThread } from '../../../ingest/threads/ask.ts';

const MODULE = new URL('./echo-thread.ts', import.meta.url);
const start = (data: { fails?: boolean } = {}) => startThread<{ fails?: boolean }, string, string, Float32Array>(MODULE, data);

it('a thread says that it stands, answers in order, and throws what it threw with its code', async () => {
  const thread = await start();
  expect(thread.ready).toBe('stands');
  expect(await thread.ask('numbers')).toEqual(Float32Array.of(1, 2, 3));
  await expect(thread.ask('coded')).rejects.toMatchObject({ name: 'DissectoryError', code: 'CACHE_FULL', message: 'There is no room.' });
  const defect = await thread.ask('defect').catch((error) => error);
  expect(defect).toMatchObject({ message: 'x is not a function', stack: expect.stringContaining('echo-thread') });
  expect(defect).not.toHaveProperty('code');
  expect(await thread.ask('numbers')).toHaveLength(3);
  await thread.close();
  await expect(thread.ask('numbers')).rejects.toThrow('the thread has ended');
  await thread.close();
});

it('a thread that does not open throws why, with its code', async () => {
  await expect(start({ fails: true })).rejects.toMatchObject({ code: 'BAD_MODEL', message: 'It does not open.' });
});

it('a thread that ends before it answers does not leave its asker waiting', async () => {
  const thread = await start();
  await expect(thread.ask('exit')).rejects.toThrow('ended with code 7');
});
