import { describe, expect, it } from 'vitest';
import { exportExperiment, exportTauCurves } from '../../../../ingest/tasks/export/experiment.ts';
import { checkpointsOf, exportLayers } from '../../../../ingest/tasks/export/layers.ts';
import { exportChanges, exportConcepts, exportIouSweep } from '../../../../ingest/tasks/export/units.ts';
import { seedWithExperiments } from '../../../src/graphql/seed-experiments.ts';
import { type Labels, seedRun } from '../../../src/graphql/small-world.ts';
import { eachWithStore } from '../../write/open.ts';

const COUNTING = { minIou: 0.04, rule: 'TOP_LABEL' } as const;
const EARLY: Labels = [['dog', 0.1], ['dog', 0.3], null];
const LATE: Labels = [
  ['cat', 0.2],
  ['dog', 0.4],
  ['street-s', 0.5],
];

const test = eachWithStore();

const seedTwo = () =>
  seedRun(test.store.prisma, [
    { slug: 'late', iteration: 200, labels: LATE },
    { slug: 'early', iteration: 100, labels: EARLY },
  ]);

describe('rows ready to plot', () => {
  it('of layers: a bar for the total and for each category, with the model’s facts', async () => {
    await seedTwo();
    const rows = await exportLayers(test.store, ['late'], { ...COUNTING, dataset: 'd', tau: 0.005, layer: null });
    expect(
      rows.map(({ model, layer, units, iteration, category, uniqueDetectors, detectors, ratio }) => [
        model,
        layer,
        units,
        iteration,
        category,
        uniqueDetectors,
        detectors,
        ratio,
      ]),
    ).toEqual([
      ['late', 'conv', 3, 200, 'total', 3, 3, 1],
      ['late', 'conv', 3, 200, 'color', 0, 0, 0],
      ['late', 'conv', 3, 200, 'object', 2, 2, 2 / 3],
      ['late', 'conv', 3, 200, 'scene', 1, 1, 1 / 3],
    ]);
    await expect(exportLayers(test.store, ['late'], { ...COUNTING, dataset: 'd', tau: 0.01, layer: null })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('of a series: by iteration', async () => {
    await seedTwo();
    const models = await checkpointsOf(test.store, 'run');
    const rows = await exportLayers(test.store, models, { ...COUNTING, dataset: 'd', tau: 0.005, layer: 'conv' });
    const totals = rows.filter(({ category }) => category === 'total');
    expect(totals.map(({ iteration, uniqueDetectors }) => [iteration, uniqueDetectors])).toEqual([
      [100, 1],
      [200, 3],
    ]);
    await expect(checkpointsOf(test.store, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of changes, concepts and thresholds: one a unit, concept, threshold', async () => {
    await seedTwo();
    const dissections = await test.store.prisma.dissection.findMany({ orderBy: { layer: { model: { iteration: 'asc' } } } });
    const [before, after] = dissections.map(({ id }) => id);
    const none = { sameCategory: null, colorSimilarity: null, textureSimilarity: null };
    const dog = { beforeConcept: 'dog', beforeCategory: 'object' };
    expect(await exportChanges(test.store, before, after, COUNTING)).toEqual([
      {
        unit: 0,
        change: 'CHANGED',
        ...dog,
        afterConcept: 'cat',
        afterCategory: 'object',
        sameCategory: 1,
        colorSimilarity: 0.75,
        textureSimilarity: 0.25,
      },
      { unit: 1, change: 'KEPT', ...dog, afterConcept: 'dog', afterCategory: 'object', ...none },
      { unit: 2, change: 'GAINED', beforeConcept: null, beforeCategory: null, afterConcept: 'street-s', afterCategory: 'scene', ...none },
    ]);
    expect(await exportConcepts(test.store, before, COUNTING)).toEqual([
      { concept: 'dog', category: 'object', detectors: 2, meanIou: 0.2 },
    ]);
    expect(await exportIouSweep(test.store, after, [0.3, 0], COUNTING)).toEqual([
      { minIou: 0.3, detectors: 2, uniqueDetectors: 2 },
      { minIou: 0, detectors: 3, uniqueDetectors: 3 },
    ]);
  });

  it('of experiments: one an alpha; one a tau and category; one a concept and tau', async () => {
    await seedWithExperiments(test.store.prisma, 1);
    const [rotation, sweep] = await test.store.prisma.experiment.findMany({ orderBy: { id: 'asc' } });
    const points = await exportExperiment(test.store, rotation.id, COUNTING);
    expect(points.map(({ alpha, seeds }) => [alpha, seeds])).toEqual([
      [0, 1],
      [0.5, 2],
      [1, 2],
    ]);
    const bars = await exportExperiment(test.store, sweep.id, COUNTING);
    expect(bars).toHaveLength(3 * 4);
    for (const tau of [0.005, 0.01, 0.02]) {
      const [total, ...categories] = bars.filter((bar) => bar.tau === tau).map(({ uniqueDetectors }) => Number(uniqueDetectors));
      expect(total).toBeGreaterThan(0);
      expect(categories.reduce((sum, count) => sum + count, 0)).toBe(total);
    }
    const curves = await exportTauCurves(test.store, sweep.id, 1);
    expect(new Set(curves.map(({ concept }) => concept)).size * 3).toBe(curves.length);
    await expect(exportExperiment(test.store, 999, COUNTING)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
