import { afterEach, describe, expect, it } from 'vitest';
import { type Api, serve } from './api.ts';
import { type Labels, seedRun } from './small-world.ts';

const HALF = 0.5;

let api: Api;
afterEach(() => api?.close());

const run = async (...checkpoints: Labels[]) => {
  api = await serve(({ prisma }) =>
    seedRun(
      prisma,
      checkpoints.map((labels, i) => ({ slug: `run@${i}`, iteration: 100 * i, labels })),
    ),
  );
};

describe('the final labels of a series', () => {
  const ask = async (minIou = 0.04) => {
    const { data } = await api.ask<{
      series: {
        finalLabels: {
          unitIndex: number;
          label: { name: string };
          firstAppeared: { iteration: number };
          stableSince: { iteration: number };
        }[];
      };
    }>(`{
      series(slug: "run") { finalLabels(layer: "conv", dataset: "d", minIou: ${minIou}) {
        unitIndex label { name } firstAppeared { iteration } stableSince { iteration }
      } }
    }`);
    return data.series.finalLabels.map((one) => [one.unitIndex, one.label.name, one.firstAppeared.iteration, one.stableSince.iteration]);
  };

  it('came when a unit first detected the concept, and stayed since it did at every later checkpoint', async () => {
    await run(
      [
        ['dog', HALF],
        ['cat', HALF],
        ['dog', HALF],
        ['dog', HALF],
      ],
      [
        ['dog', HALF],
        ['dog', HALF],
        ['cat', HALF],
        ['dog', 0.03],
      ],
      [
        ['dog', HALF],
        ['dog', HALF],
        ['dog', HALF],
        ['dog', HALF],
      ],
    );
    expect(await ask()).toEqual([
      [0, 'dog', 0, 0],
      [1, 'dog', 100, 100],
      [2, 'dog', 0, 200],
      [3, 'dog', 0, 200],
    ]);
  });

  it('leave out units that detect nothing at the end, at the threshold asked for', async () => {
    await run(
      [
        ['dog', HALF],
        ['dog', 0.1],
      ],
      [
        ['dog', 0.02],
        ['dog', 0.1],
      ],
    );
    expect(await ask()).toEqual([[1, 'dog', 0, 0]]);
    expect(await ask(0.01)).toEqual([
      [0, 'dog', 0, 0],
      [1, 'dog', 0, 0],
    ]);
    expect(await ask(0.2)).toEqual([]);
  });
});

describe('changes between two layers', () => {
  const QUERY = `{ unitChanges(before: { model: "run@0" }, after: { model: "run@1" }, dataset: "d") {
    kept changed lost gained shareKept
    units { index change relation { sameCategory colorSimilarity textureSimilarity } verdicts { relation author from { name } to { name } } before { id } after { id } }
  } }`;
  type Changes = {
    unitChanges: {
      kept: number;
      shareKept: number | null;
      units: {
        index: number;
        change: string;
        relation: object | null;
        verdicts: object[];
        before: { id: string };
        after: { id: string };
      }[];
    };
  };
  const ask = async () => (await api.ask<Changes>(QUERY)).data.unitChanges;
  const judge = (before: string, after: string, relation: string, author: string) =>
    api.ask<{ judgeChange: { relation: string } }>(
      `mutation { judgeChange(input: { before: "${before}", after: "${after}", relation: ${relation}, author: "${author}" }) { relation author } }`,
    );

  it('are told apart: a unit keeps its concept, changes it, loses or gains one', async () => {
    await run(
      [['dog', HALF], ['dog', HALF], ['dog', HALF], ['dog', 0.01], null, ['cat', HALF]],
      [['dog', HALF], ['cat', HALF], ['dog', 0.04], ['dog', HALF], null, ['cat', 0.9]],
    );
    const changes = await ask();
    expect(changes).toMatchObject({ kept: 2, changed: 1, lost: 1, gained: 1, shareKept: 2 / 3 });
    expect(changes.units.map(({ change }) => change)).toEqual(['KEPT', 'CHANGED', 'LOST', 'GAINED', 'NEITHER', 'KEPT']);
  });

  it('have no share kept where no unit detects anything at both ends', async () => {
    await run([['dog', HALF]], [['dog', 0.01]]);
    expect((await ask()).shareKept).toBeNull();
  });

  it('compare old and new concept: category, overlap of colours, overlap of patterns', async () => {
    await run(
      [
        ['dog', HALF],
        ['dog', HALF],
        ['car', HALF],
      ],
      [
        ['cat', HALF],
        ['red-c', HALF],
        ['street-s', HALF],
      ],
    );
    const { units } = await ask();
    expect(units.map(({ relation }) => relation)).toEqual([
      // min(0.75, 0.5) + min(0.25, 0.5); min(1, 0.25) + min(0, 0.75)
      { sameCategory: true, colorSimilarity: 0.75, textureSimilarity: 0.25 },
      { sameCategory: false, colorSimilarity: 0.75, textureSimilarity: 0.5 },
      { sameCategory: false, colorSimilarity: null, textureSimilarity: null },
    ]);
  });

  it('carry what people say of them: one verdict a person, the newest', async () => {
    await run([['dog', HALF]], [['cat', HALF]]);
    const [{ before, after }] = (await ask()).units;
    expect((await judge(before.id, after.id, 'COLOR', 'Ada')).data.judgeChange).toEqual({ relation: 'COLOR', author: 'Ada' });
    await judge(before.id, after.id, 'TEXTURE', 'Bob');
    await judge(before.id, after.id, 'OBJECT_TYPE', ' Ada ');
    const [{ verdicts }] = (await ask()).units;
    const concepts = { from: { name: 'dog' }, to: { name: 'cat' } };
    expect(verdicts).toEqual([
      { relation: 'OBJECT_TYPE', author: 'Ada', ...concepts },
      { relation: 'TEXTURE', author: 'Bob', ...concepts },
    ]);
  });

  it('are judged only with a name, and between the same unit', async () => {
    await run(
      [
        ['dog', HALF],
        ['dog', HALF],
      ],
      [
        ['cat', HALF],
        ['cat', HALF],
      ],
    );
    const [first, second] = (await ask()).units;
    expect((await judge(first.before.id, first.after.id, 'NONE', ' ')).errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT' } });
    expect((await judge(first.before.id, second.after.id, 'NONE', 'Ada')).errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT' } });
  });

  it('are refused where a layer has not been dissected, or the layers differ in size', async () => {
    await run(
      [['dog', HALF]],
      [
        ['cat', HALF],
        ['cat', HALF],
      ],
    );
    expect((await api.ask(QUERY)).errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT' } });
    const elsewhere = QUERY.replace('dataset: "d"', 'dataset: "d", tau: 0.01');
    expect((await api.ask(elsewhere)).errors?.[0]).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });
});

describe('detectors of concepts', () => {
  it('are counted with their mean IoU, and the two correlated', async () => {
    await run([
      ['dog', 0.1],
      ['dog', 0.3],
      ['dog', 0.02],
      ['cat', 0.1],
      ['car', 0.3],
      ['car', 0.3],
      ['car', 0.3],
    ]);
    const { data } = await api.ask(`{ model(slug: "run@0") { layer(name: "conv") { dissection(dataset: "d") {
      conceptDetectors { correlation concepts { detectors meanIou concept { name } } }
      one: conceptDetectors(minIou: 0.2, category: SCENE) { correlation concepts { detectors } }
    } } } }`);
    // detectors 3, 2, 1 and mean IoU 0.3, 0.2, 0.1 lie on a line
    expect(data).toMatchObject({
      model: {
        layer: {
          dissection: {
            conceptDetectors: {
              correlation: expect.closeTo(1, 12),
              concepts: [
                { detectors: 3, meanIou: expect.closeTo(0.3, 12), concept: { name: 'car' } },
                { detectors: 2, meanIou: expect.closeTo(0.2, 12), concept: { name: 'dog' } },
                { detectors: 1, meanIou: expect.closeTo(0.1, 12), concept: { name: 'cat' } },
              ],
            },
            one: { correlation: null, concepts: [] },
          },
        },
      },
    });
  });
});

describe('a sweep of IoU thresholds', () => {
  it('counts strictly above each, in the order asked for', async () => {
    await run([
      ['dog', 0.1],
      ['dog', 0.3],
      ['cat', 0.2],
      ['red-c', 0.02],
    ]);
    const { data } = await api.ask(`{ model(slug: "run@0") { layer(name: "conv") { dissection(dataset: "d") {
      iouSweep(minIous: [0.2, 0, 0.1, 0.9]) { minIou detectors uniqueDetectors }
    } } } }`);
    const point = (minIou: number, detectors: number, uniqueDetectors: number) => ({ minIou, detectors, uniqueDetectors });
    expect(data).toEqual({
      model: { layer: { dissection: { iouSweep: [point(0.2, 1, 1), point(0, 4, 3), point(0.1, 2, 2), point(0.9, 0, 0)] } } },
    });
  });

  it('is refused with more thresholds than a chart has', async () => {
    await run([['dog', 0.1]]);
    const many = Array.from({ length: 201 }, (_, i) => i / 201);
    const { errors } = await api.ask(
      `{ model(slug: "run@0") { layer(name: "conv") { dissection(dataset: "d") { iouSweep(minIous: ${JSON.stringify(many)}) { minIou } } } } }`,
    );
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT' } });
  });
});
