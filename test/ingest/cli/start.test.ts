import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { ALEXNET, TINY } from '../places.ts';
import { newPlace, type Place, startWith } from './dissectory.ts';

let place: Place;
let store: Store;
beforeAll(async () => {
  place = await newPlace();
  store = await openStore({ url: place.url, migrate: 'check' });
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET, { slug: 'alexnet' });
});
afterAll(async () => {
  await store.close();
  await place.remove();
});

async function connectedWorkers(): Promise<number> {
  const { rows } = await store.pool.query(
    "SELECT count(DISTINCT pid)::int AS count FROM pg_stat_activity WHERE application_name = 'dissectory worker' AND datname = current_database()",
  );
  return rows[0].count;
}

it('serves with a worker beside it, which does what the API is asked for, is replaced when it dies, and ends with it', async () => {
  const start = startWith({ DATABASE_URL: place.url, DISSECTORY_HOME: place.home, PORT: '0' }, ['start']);
  start.stderr?.resume();
  const lines = createInterface({ input: start.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, 'line')) as [string];
  const url = line.match(/http:\/\/localhost:\d+/)?.[0];
  const ask = async (layer: string) => {
    const query = `mutation { requestDissection(input: { model: "alexnet", dataset: "tiny", layers: ["${layer}"] }) { number } }`;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data } = (await response.json()) as { data: { requestDissection: { number: number } } };
    return data.requestDissection.number;
  };
  const done = (id: number) =>
    expect.poll(() => store.prisma.job.findUnique({ where: { id } }), { timeout: 45_000, interval: 200 }).toMatchObject({ state: 'DONE' });
  try {
    const first = await ask('conv5');
    await done(first);
    const { worker } = await store.prisma.job.findUniqueOrThrow({ where: { id: first } });
    const pid = Number(worker?.split(':').at(-1));
    process.kill(pid, 'SIGKILL');
    const second = await ask('conv4');
    await done(second);
    expect((await store.prisma.job.findUniqueOrThrow({ where: { id: second } })).worker).not.toBe(worker);

    start.kill('SIGTERM');
    const [code] = (await once(start, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(await connectedWorkers()).toBe(0);
  } finally {
    start.kill('SIGKILL');
  }
}, 180_000);

it('killed -9 leaves neither its server nor its worker behind', async () => {
  const start = startWith({ DATABASE_URL: place.url, DISSECTORY_HOME: place.home, PORT: '0' }, ['start']);
  start.stderr?.resume();
  const lines = createInterface({ input: start.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, 'line')) as [string];
  const url = line.match(/http:\/\/localhost:\d+/)?.[0] ?? '';
  await expect.poll(connectedWorkers, { timeout: 30_000 }).toBeGreaterThan(0);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  start.kill('SIGKILL');
  await once(start, 'exit');
  await expect.poll(connectedWorkers, { timeout: 20_000 }).toBe(0);
  await expect
    .poll(
      () =>
        fetch(`${url}/health`).then(
          ({ status }) => status,
          () => 'gone',
        ),
      { timeout: 20_000 },
    )
    .toBe('gone');
}, 90_000);
