import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openDense } from '../../../../ingest/dataset/open.ts';
import { dissect } from '../../../../ingest/dissection/dissect.ts';
import { splitImages } from '../../../../ingest/dissection/plan.ts';
import { provenanceOf } from '../../../../ingest/dissection/provenance.ts';
import { labelsAtAnyTau, unitRecords } from '../../../../ingest/dissection/unit-records.ts';
import type { LayerInfo, Network, Runner } from '../../../../ingest/engine/engine.ts';
import { claim } from '../../../../ingest/jobs/claim.ts';
import { parkJob } from '../../../../ingest/jobs/divided/begin.ts';
import type { KeptRun, OpenedRun } from '../../../../ingest/jobs/divided/opened.ts';
import type { ShardPlan } from '../../../../ingest/jobs/divided/plan.ts';
import { takeStep } from '../../../../ingest/jobs/divided/take-step.ts';
import { addDataset } from '../../../../ingest/tasks/add-dataset.ts';
import { writeDissection } from '../../../../ingest/write/dissection.ts';
import { type DissectionIdentity, dissectionKey } from '../../../../ingest/write/key.ts';
import { type JobQueue, openQueue } from '../../../../store/queue/open.ts';
import type { ShardStep } from '../../../../store/queue/payload.ts';
import { openStore, type Store } from '../../../../store/store.ts';
import { inTransaction } from '../../../../store/transaction.ts';
import { createDatabase } from '../../../database.ts';
import { contentOf } from '../../content.ts';
import { MINI } from '../../places.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Three chunks. */
const IMAGES = 130;
const CELLS = 4;
/** What each unit is on the image that passes at a place: all its cells, but for the last kind. */
const UNITS: ((place: number, cell: number) => number)[] = [
  (place) => (place < 70 ? 5 : 1), // the sample takes it for silent
  (place) => place,
  (place) => -place,
  () => 3,
  (place) => (place > 127 ? 1000 + place : place % 7), // every extreme in the last shard
  (place) => place % 3,
  (place, cell) => (place === 77 && cell === 2 ? 1 : 0),
  (place, cell) => ((place * 31 + cell * 17) % 101) / 7 - 4,
];
const LAYER: LayerInfo = {
  name: 'layer',
  tensor: 'layer',
  node: null,
  module: null,
  operator: 'Relu',
  aliases: [],
  index: 0,
  units: UNITS.length,
  grid: { height: 2, width: 2, offsetY: 28, offsetX: 28, strideY: 56, strideX: 56 },
  kind: 'map',
  receptiveField: null,
  listed: true,
};

/** Begins with the image at `place` of the sequence in which images pass. */
function runnerFrom(place: number): Runner {
  return {
    ...{ engine: 'none', engineVersion: '0', provider: 'cpu', passedOver: [], batchSize: 32 },
    async run(_pixels, count) {
      const values = Array.from({ length: count }, () => {
        const at = place++ % IMAGES;
        return UNITS.flatMap((unit) => Array.from({ length: CELLS }, (_, cell) => unit(at, cell)));
      });
      return [Float32Array.from(values.flat())];
    },
    async close() {},
  };
}

let store: Store;
let queue: JobQueue;
let home: string;
let small: string;
let end: () => Promise<void>;
beforeAll(async () => {
  const database = await createDatabase();
  home = await mkdtemp(path.join(tmpdir(), 'dissectory-rounds-'));
  store = await openStore({ url: database.url, migrate: 'check' });
  queue = await openQueue(store, 'client');
  small = path.join(home, 'small');
  await cp(MINI, small, { recursive: true });
  const index = await readFile(path.join(MINI, 'index.csv'), 'utf8');
  const lines = index.split('\n').slice(0, IMAGES + 1);
  await writeFile(path.join(small, 'index.csv'), `${lines.join('\n')}\n`);
  end = async () => {
    await queue.close();
    await store.close();
    await database.drop();
    await rm(home, { recursive: true });
  };
});
afterAll(() => end());

it.each([
  ['one unit is passed again', [0.005, 0.05], 2, 1],
  ['a unit is passed again twice', [0.0001], 3, 2],
])('the numbers are those of one piece where %s', async (name, taus, shards, lastRound) => {
  const dataset = await addDataset(store, small, { slug: 'small' });
  const dense = await openDense(small);
  const slug = name.replaceAll(' ', '-');
  const model = await store.prisma.model.create({ data: { slug, name, format: 'ONNX', sha256: slug } });
  const { name: layerName, index, units } = LAYER;
  const grid = { gridHeight: 2, gridWidth: 2, strideY: 56, strideX: 56, offsetY: 28, offsetX: 28 };
  const layer = await store.prisma.layer.create({ data: { modelId: model.id, name: layerName, index, unitCount: units, ...grid } });
  const network: Network = {
    format: 'ONNX',
    sha256: slug,
    inputHeight: 112,
    inputWidth: 112,
    channels: 'RGB',
    usualNormalisation: { mean: [0], std: [1] },
    layers: [LAYER],
    notes: [],
    rewriteTolerance: null,
    unreadable: [],
    layer: () => LAYER,
    ownHead: async () => null,
    rerun: async () => null,
    start: async () => runnerFrom(0),
  };
  const normalisation = { mean: [0, 0, 0], std: [1, 1, 1] };
  const provenance = provenanceOf(model, network, runnerFrom(0), dense.sha256, { normalisation, precision: 'fp32' });
  const identities = taus.map(
    (tau): DissectionIdentity => ({ layerId: layer.id, datasetId: dataset.id, tau, basis: 'IDENTITY', basisParameters: null, provenance }),
  );
  const plan: ShardPlan = {
    model: slug,
    dataset: 'small',
    layers: [LAYER],
    taus,
    methods: ['iou'],
    wanted: identities.map((identity, tau) => ({ layer: 0, tau, identity })),
    keys: identities.map(dissectionKey),
    target: 'onnx-cpu',
    anywhere: true,
    run: { precision: 'fp32', batchSize: 32 },
    ...{ inputHeight: 112, inputWidth: 112, resize: 'STRETCH', images: IMAGES },
    shards: splitImages(IMAGES, shards),
  };
  const opened = (step: ShardStep): OpenedRun => ({
    model: async () => ({ model, network, normalisation }),
    dataset: async () => ({ dataset, dense }),
    runner: async () => runnerFrom(plan.shards[step.shard].from),
    close: async () => {},
  });

  const { id, steps } = await workOff(plan, opened);
  expect(Math.max(...steps.map(({ round }) => round))).toBe(lastRound);
  expect(steps.filter(({ step }) => step === 'PASS')).toHaveLength(shards * (lastRound + 1));
  const { dissections, state } = await store.prisma.job.findUniqueOrThrow({ where: { id }, include: { dissections: true } });
  expect(state).toBe('DONE');
  expect([await store.prisma.jobBlob.count(), await store.prisma.job.count({ where: { parentId: id } })]).toEqual([0, 0]);
  const sharded = await Promise.all(dissections.map(({ dissectionId }) => contentOf(store, dissectionId)));

  const numbers = await dissect({
    ...{ dense, network, layers: [LAYER], taus, memory: 0, batchSize: 32 },
    runner: runnerFrom(0),
    workFolder: path.join(home, slug),
    onProgress: () => {},
  });
  const labels = labelsAtAnyTau(numbers, dense);
  const whole = identities.map((identity, t) =>
    writeDissection(store, {
      ...identity,
      provenance: { ...provenance, codeVersion: 'in one piece' },
      units: unitRecords(numbers[t], dense, labels),
    }),
  );
  expect(sharded).toEqual(await Promise.all(whole.map(async (one) => contentOf(store, (await one).id))));
});

/** Does the steps of a plan one after the other, as a single worker would. */
async function workOff(plan: ShardPlan, opened: (step: ShardStep) => OpenedRun): Promise<{ id: number; steps: ShardStep[] }> {
  const parent = { kind: 'DISSECT', state: 'RUNNING', payload: {}, key: plan.model, delivery: randomUUID(), attempts: 1 } as const;
  const asked = await store.prisma.job.create({ data: parent });
  await inTransaction(store.pool, (client) => parkJob(queue, client, { ...asked, payload: {} }, plan));
  const steps: ShardStep[] = [];
  for (;;) {
    const next = await store.prisma.job.findFirst({ where: { parentId: asked.id, state: 'WAITING' }, orderBy: { id: 'asc' } });
    if (!next) return { id: asked.id, steps };
    const step = next.payload as unknown as ShardStep;
    const job = await claim(store, next.id, next.delivery, 'test:1');
    if (!job) expect.fail('a waiting step is there to be taken');
    const kept: KeptRun = { lend: (_key, _open, take) => take(opened(step)), close: async () => {} };
    const run = { signal: new AbortController().signal, report: () => {} };
    const { settle } = await takeStep(queue, job, step, { home, memory: 0 }, kept, run);
    await inTransaction(store.pool, async (client) => settle?.(client));
    steps.push(step);
  }
}
