import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDataset } from '../../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../../ingest/tasks/dissect-model.ts';
import { dissectCheckpoints } from '../../../../ingest/tasks/experiment/checkpoints.ts';
import { rotationExperiment } from '../../../../ingest/tasks/experiment/rotation.ts';
import { tauSweep } from '../../../../ingest/tasks/experiment/tau-sweep.ts';
import type { Store } from '../../../../store/store.ts';
import { contentOf } from '../../content.ts';
import { ALEXNET, ALEXNET_FC, TINY } from '../../places.ts';
import { request } from '../../request.ts';
import { type TemporaryStore, temporaryStore } from '../../temporary-store.ts';

const LAYER = { model: 'fc', dataset: 'tiny', layer: 'conv5' };

let store: Store;
let home: string;
let remove: TemporaryStore['remove'] | undefined;

beforeAll(async () => {
  ({ store, home, remove } = await temporaryStore());
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET_FC, { slug: 'fc', series: 'run', iteration: 200 });
  await addModel(store, ALEXNET, { slug: 'gap', series: 'run', iteration: 100 });
});
afterAll(() => remove?.());

const settings = () => ({ batchSize: 16, memory: 2 ** 30, home, onProgress: () => {} });
const rotation = (alphas: number[], seeds: number[], memory = 2 ** 30) =>
  rotationExperiment(store, { ...LAYER, tau: 0.005, alphas, seeds, ...settings(), memory });

describe('a rotation experiment', () => {
  it('reads the units of alpha 0 exactly as a plain dissection does, and finds that one instead of computing it again', async () => {
    const [plain] = await dissectModel(store, request(home, { model: 'fc', dataset: 'tiny', layers: ['conv5'] }));
    const { dissections } = await rotation([0, 1], [1]);
    expect(dissections.map(({ id, computed, basisParameters }) => ({ id, computed, basisParameters }))).toEqual([
      { id: plain.id, computed: false, basisParameters: null },
      { id: expect.any(Number), computed: true, basisParameters: { seed: 1, alpha: 1 } },
    ]);
  });

  it('gives every basis a dissection of its own, with the basis in its provenance, and is made of them', async () => {
    const { id, dissections } = await rotation([0, 0.5, 1], [3, 4]);
    expect(dissections).toHaveLength(5);
    const experiment = await store.prisma.experiment.findUniqueOrThrow({
      where: { id },
      include: { dissections: { include: { dissection: true } } },
    });
    expect(experiment).toMatchObject({ kind: 'ROTATION', parameters: { tau: 0.005, alphas: [0, 0.5, 1], seeds: [3, 4] } });
    const bases = experiment.dissections.map(({ dissection }) => dissection);
    expect(bases.map(({ id }) => id).sort()).toEqual(dissections.map(({ id }) => id).sort());
    expect(bases.filter(({ basis }) => basis === 'ROTATION').every(({ parameters }) => 'rotation' in (parameters as object))).toBe(true);
    expect(new Set(bases.map(({ basisParameters }) => JSON.stringify(basisParameters))).size).toBe(5);
    expect(bases.every(({ current }) => current)).toBe(true);
  });

  it('gives the same numbers however the bases are divided into passes', async () => {
    const together = await rotation([1], [5, 6]);
    const content = await Promise.all(together.dissections.map(({ id }) => contentOf(store, id)));
    await store.prisma.dissection.deleteMany({ where: { id: { in: together.dissections.map(({ id }) => id) } } });
    const apart = await rotation([1], [5, 6], 1);
    expect(apart.dissections.every(({ computed }) => computed)).toBe(true);
    expect(await Promise.all(apart.dissections.map(({ id }) => contentOf(store, id)))).toEqual(content);
  });

  it('keeps of a turned unit the best concept of each category, and no images', async () => {
    const { dissections } = await rotation([1], [1]);
    const units = await contentOf(store, dissections[0].id);
    expect(units).toHaveLength(128);
    for (const { topImages, scores, categories, label } of units) {
      expect(topImages).toEqual([]);
      expect(scores.map(({ concept }) => concept).sort()).toEqual(categories.map(({ best }) => best).sort());
      expect(scores.map(({ concept }) => concept)).toContain(label);
    }
  });

  it('asked for again is the same experiment, and computes nothing', async () => {
    const first = await rotation([0, 1], [1]);
    const again = await rotation([1, 0, 1], [1, 1]);
    expect(again.id).toBe(first.id);
    expect(again.dissections.every(({ computed }) => !computed)).toBe(true);
  });

  it('refuses a layer that the network lacks', async () => {
    const asked = { ...LAYER, layer: 'conv9', tau: 0.005, alphas: [1], seeds: [1], ...settings() };
    await expect(rotationExperiment(store, asked)).rejects.toMatchObject({ code: 'LAYER_NOT_FOUND' });
  });
});

describe('a sweep of taus', () => {
  it('gives at each tau what a dissection at that tau alone gives, but for scores kept for the curves', async () => {
    const { id, dissections } = await tauSweep(store, { ...LAYER, model: 'gap', taus: [0.04, 0.0025], ...settings() });
    expect(dissections.map(({ tau }) => tau)).toEqual([0.0025, 0.04]);
    expect(await store.prisma.experiment.findUnique({ where: { id } })).toMatchObject({
      kind: 'TAU_SWEEP',
      parameters: { taus: [0.0025, 0.04] },
    });

    const swept = await Promise.all(dissections.map((one) => contentOf(store, one.id)));
    await store.prisma.dissection.deleteMany({ where: { id: { in: dissections.map((one) => one.id) } } });
    for (const [i, { tau }] of dissections.entries()) {
      const [alone] = await dissectModel(store, request(home, { model: 'gap', dataset: 'tiny', layers: ['conv5'], tau }));
      const units = await contentOf(store, alone.id);
      for (const [k, unit] of units.entries()) {
        const { scores, ...rest } = swept[i][k];
        expect(rest).toEqual({ ...unit, scores: undefined });
        expect(scores).toEqual(expect.arrayContaining(unit.scores));
      }
    }
  });

  it('keeps the score of every label of a unit at every tau', async () => {
    const { dissections } = await tauSweep(store, { ...LAYER, taus: [0.0025, 0.01, 0.04], ...settings() });
    const sweep = await Promise.all(dissections.map((one) => contentOf(store, one.id)));
    for (const [k] of sweep[0].entries()) {
      const labels = sweep.map((units) => units[k].label);
      for (const units of sweep) expect(units[k].scores.map(({ concept }) => concept)).toEqual(expect.arrayContaining(labels));
    }
  });
});

describe('a series of checkpoints', () => {
  it('is dissected in order of iteration', async () => {
    const seen: string[] = [];
    const asked = { series: 'run', dataset: 'tiny', layer: 'conv5', tau: 0.005, onModel: (slug: string) => seen.push(slug) };
    const dissected = await dissectCheckpoints(store, { ...asked, ...settings() });
    expect(seen).toEqual(['gap', 'fc']);
    expect(dissected.map(({ model, layer, tau }) => ({ model, layer, tau }))).toEqual([
      { model: 'gap', layer: 'conv5', tau: 0.005 },
      { model: 'fc', layer: 'conv5', tau: 0.005 },
    ]);
  });

  it('that does not exist is refused', async () => {
    const asked = { series: 'none', dataset: 'tiny', layer: 'conv5', tau: 0.005, onModel: () => {}, ...settings() };
    await expect(dissectCheckpoints(store, asked)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
