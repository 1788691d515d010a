import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorker } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { ALEXNET_FC, TINY } from '../../ingest/places.ts';
import { type Api, serve } from './api.ts';

let api: Api;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'dissectory-asked-'));
  api = await serve(async (store) => {
    await addDataset(store, TINY, { slug: 'tiny' });
    await addModel(store, ALEXNET_FC, { slug: 'fc' });
  });
});
afterAll(async () => {
  await api.close();
  await rm(home, { recursive: true });
});

const LAYER = { model: 'fc', dataset: 'tiny', layer: 'conv1' };
const request = (input: object) =>
  api.ask<{ requestExperiment: { id: string } }>(
    'mutation ($input: ExperimentRequest!) { requestExperiment(input: $input) { id number kind state layers tau model { slug } experiment { id } } }',
    { input },
  );

it.each([
  [{}, /^Say what the experiment varies: give rotation or tauSweep/],
  [{ rotation: {}, tauSweep: {} }, /^Ask for a rotation or for a tauSweep, not for both/],
  [{ rotation: { alphas: [0.5, 1.5] } }, /^Each of alphas must lie from 0 to 1\./],
  [{ rotation: { seeds: [-1] } }, /^Each of seeds must be a whole number from 0\./],
  [{ rotation: { seeds: [] } }, /^alphas and seeds take one or more numbers each/],
  [{ rotation: { alphas: [0, 1], seeds: Array.from({ length: 201 }, (_, i) => i) } }, /alphas times seeds at most 200\./],
  [{ rotation: { tau: 0 } }, /^tau must lie between 0 and 1, not 0\./],
  [{ tauSweep: { taus: [0.1, 1] } }, /^Each of taus must lie between 0 and 1, not 1\./],
  [{ tauSweep: { taus: [] } }, /^taus takes 1 to 50 numbers\./],
  [{ tauSweep: {}, priority: 1001 }, /^priority must lie between ±1000\./],
])('refuses an experiment: %o', async (asked, message) => {
  const { errors } = await request({ ...LAYER, ...asked });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' }, message: expect.stringMatching(message) }]);
});

it('is the same job whatever the order of its numbers; a worker makes it, and the job names the experiment and its dissections', async () => {
  const asked = (await request({ ...LAYER, rotation: { alphas: [1, 0], seeds: [2, 1] } })).data.requestExperiment;
  expect(asked).toMatchObject({
    kind: 'EXPERIMENT',
    state: 'WAITING',
    layers: ['conv1'],
    tau: 0.005,
    model: { slug: 'fc' },
    experiment: null,
  });
  expect((await request({ ...LAYER, rotation: { alphas: [0, 1, 1], seeds: [1, 2] } })).data.requestExperiment).toEqual(asked);
  const sweep = (await request({ ...LAYER, tauSweep: { taus: [0.01, 0.005] } })).data.requestExperiment;

  const settings = { home, targets: ['onnx-cpu'], memory: 2 ** 30, allowedFolders: [], concurrency: 1, webhook: null } as const;
  const worker = await startWorker(api.store, settings);
  try {
    expect(await endOf(asked.id)).toMatchObject({
      state: 'DONE',
      dissections: [{ tau: 0.005 }, { tau: 0.005 }, { tau: 0.005 }],
      experiment: { kind: 'ROTATION', rotation: [{ alpha: 0 }, { alpha: 1, runs: [{ seed: 1 }, { seed: 2 }] }] },
    });
    const swept = await endOf(sweep.id);
    expect(swept).toMatchObject({ state: 'DONE', experiment: { kind: 'TAU_SWEEP' } });
    expect(swept.dissections.map(({ tau }) => tau).sort()).toEqual([0.005, 0.01]);
  } finally {
    await worker.stop();
  }
});

interface Ended {
  dissections: { tau: number }[];
}

async function endOf(id: string): Promise<Ended> {
  const client = createClient({ url: `${api.url}/graphql/stream` });
  const fields = 'state error { code } dissections { tau } experiment { kind rotation { alpha runs { seed } } }';
  let last: Ended | undefined;
  const query = `subscription { jobProgress(id: "${id}") { ${fields} } }`;
  for await (const { data } of client.iterate<{ jobProgress: Ended }>({ query })) last = data?.jobProgress;
  return last as Ended;
}

it('is to run where its model can, and says why it waits while nobody is there to do it', async () => {
  const { errors } = await request({ ...LAYER, tauSweep: {}, provider: 'WASM' });
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_INPUT' }, message: expect.stringMatching(/^"fc" is a model for ONNX Runtime/) },
  ]);
  const { id } = (await request({ ...LAYER, tauSweep: {}, provider: 'CUDA' })).data.requestExperiment;
  const { data } = await api.ask('query ($id: ID!) { job(id: $id) { provider waitingFor } }', { id });
  expect(data).toEqual({ job: { provider: 'CUDA', waitingFor: expect.stringMatching(/^No worker/) } });
});
