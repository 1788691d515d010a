import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, serve } from './api.ts';
import { seed } from './seed.ts';

describe('a network known only from a published tally', () => {
  let api: Api;
  beforeAll(async () => {
    api = await serve(({ prisma }) => seed(prisma, 1));
  });
  afterAll(() => api?.close());

  it('answers everything: null or nothing where the tally says nothing', async () => {
    const { data, errors } = await api.ask(`{
      dataset(slug: "published") { sha256 imageCount categories { category conceptCount } }
      model(slug: "published") {
        format inputShape classes accuracy series { slug } iteration
        layer(name: "layer4") {
          receptiveField { height strideY }
          dissection(dataset: "published") {
            provenance { datasetSha256 }
            uniqueDetectors uniqueDetectorRatio detectors byCategory { category uniqueDetectors detectors }
            perCategory: uniqueDetectors(rule: PER_CATEGORY)
            units { nodes { index threshold silent maxActivation iou category isDetector label { name } scores { iou } topImages { rank } } }
            none: unit(index: 2) { index }
          }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    const unit = { threshold: null, silent: false, maxActivation: null, scores: [], topImages: [] };
    expect(data).toEqual({
      dataset: { sha256: null, imageCount: 0, categories: [{ category: 'OBJECT', conceptCount: 1 }] },
      model: {
        format: 'TALLY',
        inputShape: [],
        classes: [],
        accuracy: null,
        series: null,
        iteration: null,
        layer: {
          receptiveField: { height: 7, strideY: 4 },
          dissection: {
            provenance: { datasetSha256: null },
            uniqueDetectors: 1,
            uniqueDetectorRatio: 0.5,
            detectors: 1,
            byCategory: [{ category: 'OBJECT', uniqueDetectors: 1, detectors: 1 }],
            perCategory: 0,
            units: {
              nodes: [
                { ...unit, index: 0, iou: 0.25, category: 'OBJECT', isDetector: true, label: { name: 'dog' } },
                { ...unit, index: 1, iou: 0, category: null, isDetector: false, label: null },
              ],
            },
            none: null,
          },
        },
      },
    });
  });

  it('is found across models, units without a label too', async () => {
    const { data } = await api.ask(`{
      dogs: units(filter: { dataset: "published", concept: "dog" }) { totalCount nodes { index } }
      all: units(filter: { dataset: "published" }) { totalCount nodes { index } }
    }`);
    expect(data).toEqual({ dogs: { totalCount: 1, nodes: [{ index: 0 }] }, all: { totalCount: 2, nodes: [{ index: 0 }, { index: 1 }] } });
  });

  it('is null where nothing has the name', async () => {
    const { data, errors } = await api.ask(`{
      model(slug: "no") { slug } dataset(slug: "no") { slug } series(slug: "no") { slug }
      concept(dataset: "no", name: "dog") { name } lost: concept(dataset: "tiny", name: "no") { name }
      known: model(slug: "published") { layer(name: "no") { name } layer4: layer(name: "layer4") { dissection(dataset: "tiny") { id } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      model: null,
      dataset: null,
      series: null,
      concept: null,
      lost: null,
      known: { layer: null, layer4: { dissection: null } },
    });
  });
});
