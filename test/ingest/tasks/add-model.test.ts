import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../ingest/registered/registered.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import type { Store } from '../../../store/store.ts';
import { sketch } from '../engine/sketch.ts';
import { temporaryModels } from '../engine/temporary-model.ts';
import { TINY } from '../places.ts';
import { request } from '../request.ts';
import { type TemporaryStore, temporaryStore } from '../temporary-store.ts';

const write = temporaryModels();
let store: Store;
let home: string;
let remove: TemporaryStore['remove'] | undefined;
beforeAll(async () => {
  ({ store, home, remove } = await temporaryStore());
  await addDataset(store, TINY, { slug: 'tiny' });
});
afterAll(() => remove?.());

function network(channels: 1 | 3): string {
  const net = sketch({ shape: ['batch', channels, 32, 32] });
  net.relu(net.conv('input', 'sums', { kernel: 3, stride: 4, units: 2, from: channels }), 'conv1');
  return write(net.model('conv1'));
}

async function card(content: unknown): Promise<string> {
  const file = path.join(home, 'card.json');
  await writeFile(file, JSON.stringify(content));
  return file;
}

describe('a registered model', () => {
  it('of grey images is opened again as one, and dissected', async () => {
    const { model } = await addModel(store, network(1), { slug: 'grey', card: await card({ mean: 0.5, std: 0.25 }) });
    expect(model).toMatchObject({ inputShape: [1, 32, 32], channels: 'GREY', mean: [0.5], std: [0.25] });
    const opened = await openModel(store, 'grey');
    expect([opened.network.channels, opened.normalisation]).toEqual(['GREY', { mean: [0.5], std: [0.25] }]);
    const [{ id }] = await dissectModel(store, request(home, { model: 'grey', dataset: 'tiny', layers: ['conv1'] }));
    const { parameters } = await store.prisma.dissection.findUniqueOrThrow({ where: { id } });
    expect(parameters).toMatchObject({ channels: 'GREY', mean: [0.5] });
  });

  it('of BGR images is one where the card says so', async () => {
    const said = await card({ input: { channels: 'bgr', scale: 'x', mean: [102, 119.85, 127.5], std: 1 } });
    const { model } = await addModel(store, network(3), { slug: 'bgr', card: said });
    expect(model).toMatchObject({ inputShape: [3, 32, 32], channels: 'BGR', std: [1 / 255, 1 / 255, 1 / 255] });
    expect(model.mean.map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0.4, 0.47, 0.5]);
    expect((await openModel(store, 'bgr')).network.channels).toBe('BGR');
  });

  it('takes ImageNet’s normalisation where nothing else is said', async () => {
    const { model } = await addModel(store, network(3), { slug: 'plain' });
    expect(model).toMatchObject({ channels: 'RGB', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
  });

  it('is refused where it takes grey images and means are given for three channels', async () => {
    const said = await card({ mean: [0.485, 0.456, 0.406] });
    await expect(addModel(store, network(1), { slug: 'wrong', card: said })).rejects.toMatchObject({
      code: 'BAD_CARD',
      message: 'The network takes one grey channel, but 3 numbers are given for mean. Give one for each channel.',
    });
  });
});
