import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startWorker } from '../../../ingest/jobs/worker.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import { openQueue } from '../../../store/queue/open.ts';
import { storeUpload } from '../../../store/uploads.ts';
import { ALEXNET, TINY } from '../places.ts';
import { eachWithStore } from '../write/open.ts';

const test = eachWithStore();

it('explains images that were sent in, one job an image; a broken one fails with its reason', async () => {
  const { model } = await addModel(test.store, ALEXNET, { slug: 'alexnet' });
  const home = await mkdtemp(path.join(tmpdir(), 'dissectory-explain-'));
  const queue = await openQueue(test.store, 'client');
  const worker = await startWorker(test.store, {
    home,
    targets: ['onnx-cpu'],
    memory: 2 ** 28,
    allowedFolders: [],
    concurrency: 1,
    webhook: null,
  });
  onTestFinished(async () => {
    await worker.stop();
    await queue.close();
    await rm(home, { recursive: true });
  });
  const photo = await readFile(path.join(TINY, 'images/scene/s_00049.jpg'));
  const explained = async (bytes: Uint8Array) => {
    const { id: image } = await storeUpload(test.store, bytes, { name: 'photo.jpg', height: 112, width: 112 });
    const { job } = await enqueue(queue, { kind: 'EXPLAIN', payload: { model: 'alexnet', image } });
    const ended = () => test.store.prisma.job.findUniqueOrThrow({ where: { id: job.id } });
    await expect.poll(ended, { timeout: 30_000, interval: 20 }).toMatchObject({ state: expect.stringMatching('DONE|FAILED') });
    return { image, job: await ended() };
  };
  const { image, job } = await explained(photo);
  expect(job).toMatchObject({ state: 'DONE', modelId: model.id });
  expect(await test.store.prisma.prediction.count({ where: { imageId: image } })).toBe(1);
  expect((await explained(photo.subarray(0, 500))).job).toMatchObject({ state: 'FAILED', errorCode: 'BAD_IMAGE' });
});
