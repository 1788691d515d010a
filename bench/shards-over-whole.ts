import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDataset } from '../ingest/tasks/add-dataset.ts';
import { addModel } from '../ingest/tasks/add-model.ts';
import { openEmbedded } from '../store/embedded/open.ts';
import { enqueue } from '../store/queue/enqueue.ts';
import { type JobQueue, openQueue } from '../store/queue/open.ts';
import { openStore } from '../store/store.ts';
import { type Benchmark, ratio } from './figure.ts';
import { interleaved } from './measure.ts';
import { serverTime } from './server-time.ts';
import { type StageFiles, stageFiles } from './stage.ts';

const RUNS = 3;
const SHARDS = 8;

/**
 * A dissection in eight shards over the same one in one piece, each by the same one worker: what splitting, storing and
 * merging cost.
 */
export function shardsOverWhole(name: string, images: number, model: string, layers: readonly string[]): Benchmark {
  return {
    name: `shards-over-whole/${name}`,
    async measure() {
      const files = await stageFiles(images, model);
      const timings = await withWorker(files, (queue, serverCpu) => {
        let times = 0;
        const dissect = async (shards: number) => {
          const tau = 0.005 + ++times * 1e-9; // asked for again, it would be found
          const payload = { model: 'model', dataset: 'dataset', layers: [...layers], tau, shards };
          await ended(queue, (await enqueue(queue, { kind: 'DISSECT', payload })).job.id);
        };
        const contestants = [
          { name: 'whole', run: () => dissect(1) },
          { name: 'shards', run: () => dissect(SHARDS) },
        ];
        return interleaved(contestants, RUNS, serverCpu);
      });
      const [whole, shards] = ['whole', 'shards'].map((one) => timings.get(one) as { wall: number; processor: number });
      const against = `the same unsharded, ${images} images, one worker`;
      return [
        ratio(`shards-over-whole/${name}`, shards.wall / whole.wall, against, RUNS),
        ratio(
          `shards-over-whole/${name}/processor`,
          shards.processor / whole.processor,
          `processor time, PostgreSQL's too, of ${against}`,
          RUNS,
        ),
      ];
    },
  };
}

async function withWorker<T>(files: StageFiles, work: (queue: JobQueue, serverCpu: () => number) => Promise<T>): Promise<T> {
  process.env.DISSECTORY_LOG_LEVEL ??= 'warn'; // looked at when the worker's code is loaded
  const { startWorker } = await import('../ingest/jobs/worker.ts');
  const root = await mkdtemp(path.join(tmpdir(), 'dissectory-bench-shards-'));
  await chmod(root, 0o755); // run by root, PostgreSQL has an account of its own
  const server = await openEmbedded(root);
  const store = await openStore({ url: server.url, migrate: 'apply' });
  try {
    await addDataset(store, files.dataset, { slug: 'dataset' });
    await addModel(store, files.model, { slug: 'model' });
    const queue = await openQueue(store, 'client');
    const settings = { home: root, targets: ['onnx-cpu'], memory: 2 ** 28, allowedFolders: [], concurrency: 1, webhook: null } as const;
    const worker = await startWorker(store, settings);
    try {
      return await work(queue, serverTime(root));
    } finally {
      await worker.stop();
      await queue.close();
    }
  } finally {
    await store.close();
    await server.close();
    await rm(root, { recursive: true });
  }
}

async function ended({ store }: JobQueue, id: number): Promise<void> {
  for (;;) {
    const { state, errorMessage } = await store.prisma.job.findUniqueOrThrow({ where: { id } });
    if (state === 'DONE') return;
    if (state === 'FAILED') throw new Error(errorMessage ?? state);
    await sleep(20);
  }
}
