import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importTally } from '../../ingest/tasks/netdissect/import-tally.ts';
import { writeTally } from '../../ingest/tasks/netdissect/write-tally.ts';
import { sharedPath } from '../shared.ts';
import { type Api, serve } from '../src/graphql/api.ts';

/** Unique detectors at IoU > 0.04 in total, then of object, part, scene, material, texture, colour. */
interface Published {
  model: string;
  units: number;
  detectors: number;
  TOP_LABEL: number[];
  PER_CATEGORY: number[];
}

const PUBLISHED: Published[] = [
  {
    ...{ model: 'ResNet-152-model_places365', units: 2048, detectors: 1452 },
    ...{ TOP_LABEL: [278, 61, 14, 159, 4, 39, 1], PER_CATEGORY: [347, 84, 26, 188, 5, 42, 2] },
  },
  {
    ...{ model: 'caffe_reference_places205', units: 256, detectors: 107 },
    ...{ TOP_LABEL: [60, 30, 6, 3, 1, 19, 1], PER_CATEGORY: [79, 36, 8, 12, 1, 20, 2] },
  },
  {
    ...{ model: 'caffe_reference_imagenet', units: 256, detectors: 97 },
    ...{ TOP_LABEL: [50, 17, 8, 1, 1, 21, 2], PER_CATEGORY: [61, 21, 8, 4, 1, 23, 4] },
  },
];
const ORDER = ['OBJECT', 'PART', 'SCENE', 'MATERIAL', 'TEXTURE', 'COLOR'];

const folder = sharedPath('golden', 'netdissect');

describe.runIf(folder)('the published tallies', () => {
  let api: Api;
  beforeAll(async () => {
    api = await serve();
  });
  afterAll(() => api?.close());

  it("correlate the number of a concept's detectors with their mean IoU at 0.55 and 0.56 for the objects of ResNet-152", async () => {
    const model = 'ResNet-152-model_places365';
    await importTally(api.store, { file: `${folder}/${model}.csv`, model, layer: 'last', dataset: 'broden' });
    const { data } = await api.ask<{ model: { layer: { dissection: Record<string, { correlation: number }> } } }>(`{
      model(slug: "${model}") { layer(name: "last") { dissection(dataset: "broden") {
        top: conceptDetectors(category: OBJECT) { correlation }
        per: conceptDetectors(category: OBJECT, rule: PER_CATEGORY) { correlation }
      } } }
    }`);
    const { top, per } = data.model.layer.dissection;
    expect([top.correlation, per.correlation].map((r) => Number(r.toFixed(2))).sort()).toEqual([0.55, 0.56]);
  });

  it.each(PUBLISHED)('$model: adds up to what its authors counted, by either rule', async ({ model, units, detectors, ...rules }) => {
    await importTally(api.store, { file: `${folder}/${model}.csv`, model, layer: 'last', dataset: 'broden' });
    const counts = (rule: string) =>
      `${rule}: uniqueDetectors(rule: ${rule}) by${rule}: byCategory(rule: ${rule}) { category uniqueDetectors }`;
    const { data, errors } = await api.ask<{ model: { layer: { dissection: Record<string, unknown> } } }>(`{
      model(slug: "${model}") { layer(name: "last") { dissection(dataset: "broden") {
        units { totalCount } detectors ${counts('TOP_LABEL')} ${counts('PER_CATEGORY')}
      } } }
    }`);
    expect(errors).toBeUndefined();
    const { dissection } = data.model.layer;
    expect(dissection).toMatchObject({ units: { totalCount: units }, detectors });
    for (const rule of ['TOP_LABEL', 'PER_CATEGORY'] as const) {
      const byCategory = dissection[`by${rule}`] as { category: string; uniqueDetectors: number }[];
      const found = ORDER.map((category) => byCategory.find((one) => one.category === category)?.uniqueDetectors);
      expect([dissection[rule], ...found]).toEqual(rules[rule]);
    }
  });

  it.each(PUBLISHED)('$model: is exported as it was, value by value', async ({ model }) => {
    const file = `${folder}/${model}.csv`;
    const { id } = await importTally(api.store, { file, model, layer: 'last', dataset: 'broden' });
    const read = (csv: string | Buffer): string[][] => parse(csv);
    const value = (cell: string) => (cell === '' || Number.isNaN(Number(cell)) ? cell : Number(cell));
    const [header, ...rows] = read(await readFile(file));
    const [writtenHeader, ...written] = read(await writeTally(api.store, id));
    expect(writtenHeader).toEqual(header);
    expect(written.map((row) => row.map(value))).toEqual(rows.map((row) => row.map(value)));
  });
});
