import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { globalId } from '../../../src/graphql/ids.ts';
import { type Api, serve } from './api.ts';
import { dissectionOf } from './seed.ts';

/** Of the shape and size of the paper's Table 3: the layers of AlexNet trained on Places205. */
const TABLE = [
  { layer: 'conv1', units: 96, interpretable: 57, consistency: 0.82, method: 0.37 },
  { layer: 'conv2', units: 256, interpretable: 126, consistency: 0.76, method: 0.56 },
  { layer: 'conv3', units: 384, interpretable: 247, consistency: 0.83, method: 0.54 },
  { layer: 'conv4', units: 384, interpretable: 258, consistency: 0.82, method: 0.59 },
  { layer: 'conv5', units: 256, interpretable: 194, consistency: 0.91, method: 0.71 },
];

describe('studies', () => {
  let api: Api;
  const units = new Map<string, number[]>();

  beforeAll(async () => {
    api = await serve(async ({ prisma }) => seedLayers(prisma, units));
  });
  afterAll(() => api?.close());

  const must = async <Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> => {
    const { data, errors } = await api.ask<Data>(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };
  const create = (input: Record<string, unknown>) =>
    api.ask<{ createStudy: { unitCount: number; questionCount: number } }>(
      'mutation ($input: StudyInput!) { createStudy(input: $input) { slug unitCount questionCount raters images } }',
      { input: { title: 'Places', dataset: 'd', ...input } },
    );
  const layersNamed = (...names: string[]) => names.map((layer) => ({ model: 'places', layer }));

  it("give a table such as the paper's Table 3 again from its votes", async () => {
    const { data } = await create({ slug: 'paper', layers: layersNamed(...TABLE.map(({ layer }) => layer)), raters: 1 });
    expect(data.createStudy).toMatchObject({ unitCount: 1376, questionCount: 1376, raters: 1, images: 15 });
    const votes = TABLE.flatMap(({ layer, interpretable, consistency, method }) =>
      (units.get(layer) ?? []).flatMap((id, i) => {
        const vote = { unit: globalId('Unit', id), rater: 'anyone' };
        const person = { ...vote, phrase: 'a thing', author: 'PERSON' };
        const first = { ...person, round: 1, yes: i < interpretable };
        if (i >= interpretable) return [first];
        return [
          first,
          { ...person, round: 2, yes: i < Math.round(consistency * interpretable) },
          { ...vote, phrase: 'dog', author: 'METHOD', round: 2, yes: i < Math.round(method * interpretable) },
        ];
      }),
    );
    const importVotes = 'mutation ($votes: [StudyVoteInput!]!) { importVotes(study: "paper", votes: $votes) { voteCount } }';
    for (let i = 0; i < votes.length; i += 1000) await must(importVotes, { votes: votes.slice(i, i + 1000) });
    const again = await must<{ importVotes: { voteCount: number } }>(importVotes, { votes: votes.slice(0, 1000) });
    expect(again.importVotes.voteCount).toBe(votes.length);

    const { study } = await must<{ study: { results: Row[]; fleissKappa: null } }>(
      '{ study(slug: "paper") { fleissKappa results { category units interpretable humanConsistency method layer { name } } } }',
    );
    const whole = study.results.filter(({ category }) => category === null);
    expect(
      whole.map(({ layer, units, interpretable, humanConsistency, method }) => ({
        layer: layer.name,
        units,
        interpretable,
        consistency: Math.round(100 * (humanConsistency ?? Number.NaN)) / 100,
        method: Math.round(100 * (method ?? Number.NaN)) / 100,
      })),
    ).toEqual(TABLE);
    expect(study.results.filter(({ category }) => category !== null).map(({ category, units }) => [category, units])).toEqual(
      TABLE.map(({ units }) => ['OBJECT', units]),
    );
    expect(study.fleissKappa).toBeNull(); // one vote a question says nothing of agreement
  });

  it('ask each rater what is open, blind, keep every answer at once, and know people by their link alone', async () => {
    await create({ slug: 'small', layers: layersNamed('conv1'), unitsPerLayer: 3, raters: 2 });
    const invite = async (name: string) =>
      (await must<{ inviteRater: { token: string } }>(`mutation { inviteRater(study: "small", name: "${name}") { token } }`)).inviteRater
        .token;
    const [ann, bob] = [await invite('Ann'), await invite('Bob')];
    const task = '{ done left question { id phrase pictures { stripUrl count } } describe { unit } }';
    const look = async (token: string, more = '') =>
      (await must<{ studyTask: Task }>(`{ studyTask(token: "${token}"${more}) ${task} }`)).studyTask;
    const answer = async (token: string, id: string, yes: boolean) =>
      (await must<{ answerStudy: Task }>(`mutation { answerStudy(token: "${token}", answer: { question: "${id}", yes: ${yes} }) ${task} }`))
        .answerStudy;

    let next = await look(ann);
    expect(next).toMatchObject({ done: 0, left: 3, question: { phrase: 'dog', pictures: { count: 1 } }, describe: null });
    expect(JSON.stringify(next)).not.toMatch(/METHOD|PERSON/);
    for (let i = 1; i <= 3; i++) {
      next = await answer(ann, next.question?.id ?? '', i !== 2);
      expect(next).toMatchObject({ done: i, left: 3 - i });
    }
    expect(next.question).toBeNull();

    const undescribed = await look(bob, ', describing: true');
    const described = `mutation { describeUnit(token: "${bob}", description: { unit: "${undescribed.describe?.unit}", phrase: "  Dog faces ", confidence: 4 }) ${task} }`;
    expect((await must<{ describeUnit: Task }>(described)).describeUnit).toMatchObject({ done: 1, left: 2 });
    const { askAboutPhrases } = await must<{ askAboutPhrases: { questionCount: number } }>(
      'mutation { askAboutPhrases(study: "small") { questionCount } }',
    );
    expect(askAboutPhrases.questionCount).toBe(5); // three labels, and a person's phrase in two rounds

    const work = await look(ann);
    expect(work).toMatchObject({ left: 1, question: { phrase: 'dog faces' } }); // both rounds, of which nobody is asked more than one
    expect(await answer(ann, work.question?.id ?? '', true)).toMatchObject({ done: 4, left: 0, question: null });
    const renewed = await invite('Ann');
    expect(await look(renewed)).toMatchObject({ done: 4 });
    const { errors } = await api.ask(`{ studyTask(token: "${ann}") { done } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it.each([
    ['no layer', { layers: [] }, 'BAD_INPUT'],
    ['no rater', { raters: 0 }, 'BAD_INPUT'],
    ['more images than a picture holds', { images: 17 }, 'BAD_INPUT'],
    ['a slug that is none', { slug: 'a b' }, 'BAD_INPUT'],
    ['an empty title', { title: '  ' }, 'BAD_INPUT'],
    ['a layer that does not exist', { layers: layersNamed('conv9') }, 'NOT_FOUND'],
    ['a slug that is taken', { slug: 'taken' }, 'CONFLICT'],
  ])('are not made of %s', async (_, input, code) => {
    if (code === 'CONFLICT') await create({ slug: 'taken', layers: layersNamed('conv1'), unitsPerLayer: 1 });
    const { errors } = await create({ slug: 'x', layers: layersNamed('conv1'), ...input });
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  it.each([
    ['of a unit that is not in the study', { unit: 'conv5' }, /its unit is not one/],
    ["of a method's phrase in the first round", { round: 1 }, /in 2, not in 1/],
    ['of another phrase than is asked about', { phrase: 'cat' }, /asks about "dog" there/],
  ])('take in no vote %s', async (_, changed, message) => {
    await create({ slug: 'strict', layers: layersNamed('conv1'), unitsPerLayer: 1 });
    const { unit: layer = 'conv1', ...rest } = changed as { unit?: string };
    const unit = globalId('Unit', units.get(layer)?.[0] ?? 0);
    const votes = [{ unit, phrase: 'dog', author: 'METHOD', round: 2, rater: 'a', yes: true, ...rest }];
    const { errors } = await api.ask('mutation ($votes: [StudyVoteInput!]!) { importVotes(study: "strict", votes: $votes) { slug } }', {
      votes,
    });
    expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code: 'BAD_INPUT' } }]);
  });
});

interface Row {
  category: string | null;
  units: number;
  interpretable: number;
  humanConsistency: number | null;
  method: number | null;
  layer: { name: string };
}

interface Task {
  done: number;
  left: number;
  question: { id: string; phrase: string } | null;
  describe: { unit: string } | null;
}

/** A network with the paper's layers, every unit of which is labelled `dog` and has a top image. */
async function seedLayers(prisma: PrismaClient, units: Map<string, number[]>): Promise<void> {
  const { id: datasetId } = await prisma.dataset.create({ data: { slug: 'd', name: 'D', imageCount: 1 } });
  await prisma.datasetCategory.create({ data: { datasetId, category: 'OBJECT', index: 0 } });
  const image = { datasetId, index: 0, file: '0.png', split: 'train', height: 8, width: 8, maskHeight: 8, maskWidth: 8 };
  const { id: imageId } = await prisma.image.create({ data: image });
  const dog = { datasetId, index: 0, category: 'OBJECT', number: 1, name: 'dog', synonyms: [], frequency: 1, coverage: 1 };
  const { id: labelId } = await prisma.concept.create({ data: dog });
  const { id: modelId } = await prisma.model.create({ data: { slug: 'places', name: 'Places', format: 'ONNX', sha256: 'p' } });
  const field = { gridHeight: 1, gridWidth: 1, strideY: 1, strideX: 1, offsetY: 0, offsetX: 0 };
  for (const [index, { layer: name, units: unitCount }] of TABLE.entries()) {
    const layer = await prisma.layer.create({ data: { modelId, name, index, unitCount, ...field } });
    const made = { ...dissectionOf(name), layerId: layer.id, datasetId, tau: 0.005 };
    const { id: dissectionId } = await prisma.dissection.create({ data: made });
    const data = Array.from({ length: unitCount }, (_, i) => ({
      dissectionId,
      index: i,
      silent: false,
      iou: 0.1,
      labelId,
      category: 'OBJECT',
    }));
    const rows = await prisma.unit.createManyAndReturn({ data, select: { id: true } });
    await prisma.topImage.createMany({
      data: rows.map(({ id }) => ({ unitId: id, rank: 1, imageId, maxActivation: 1, map: Buffer.alloc(4) })),
    });
    units.set(
      name,
      rows.map(({ id }) => id),
    );
  }
}
