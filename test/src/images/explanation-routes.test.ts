import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explanationId } from '../../../core/ids.ts';
import { globalId } from '../../../src/graphql/ids.ts';
import { storeUpload } from '../../../store/uploads.ts';
import { type Api, serve } from '../graphql/api.ts';
import { seedExplanations } from '../graphql/seed-explanations.ts';

const COLOUR = { r: 200, g: 100, b: 41 };

describe('pictures of explanations over HTTP', () => {
  let api: Api;
  let folder: string;

  /** The seed's first two images on disk, as a labelled dataset has them: below its own folder. */
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dissectory-masks-'));
    await fs.mkdir(path.join(folder, 'test/beach'), { recursive: true });
    const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: COLOUR } }).png();
    for (const index of [0, 1]) await plain.toFile(path.join(folder, 'test/beach', `${index}.png`));
    api = await serve(async ({ prisma }) => {
      await seedExplanations(prisma, 1);
      await prisma.dataset.update({ where: { slug: 'scenes' }, data: { path: folder } });
    });
  });
  afterAll(async () => {
    await api?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  const get = (url: string, headers: Record<string, string> = {}) => fetch(api.url + url, { headers });
  const pixels = async (response: Response) =>
    sharp(Buffer.from(await response.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
  const mask = (prediction: number, unit: number | string) => `/masks/${globalId('Prediction', prediction)}/${unit}.png`;
  const codeOf = async (response: Response) => {
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return [response.status, errors[0].extensions.code];
  };

  it('show an image of a labelled dataset', async () => {
    expect((await pixels(await get(`/images/${globalId('Image', 1)}.png`))).info).toMatchObject({ width: 8, height: 8 });
  });

  it('darken all but the top fifth of the unit’s own map', async () => {
    const { data, info } = await pixels(await get(mask(1, 0)));
    expect(info).toMatchObject({ width: 8, height: 8, channels: 3 });
    // The map is 4 0 0 0: along either axis 4 4 3.5 2.5 1.5 0.5 0 0, over 4 their product; 13 of 64 reach 2.5, of which
    // 9 are greater
    const bright = ['####....', '####....', '###.....', '##......', '........', '........', '........', '........'];
    for (const [y, row] of bright.entries()) {
      for (const [x, pixel] of [...row].entries()) {
        const shown = [...data.subarray((y * 8 + x) * 3, (y * 8 + x) * 3 + 3)];
        expect(shown, `${x}, ${y}`).toEqual(pixel === '#' ? [200, 100, 41] : [50, 25, 10]);
      }
    }
    expect((await pixels(await get(`${mask(1, 0)}?width=4`))).info).toMatchObject({ width: 4, height: 4 });
  });

  it('are a sheet for reports, by the id of an explanation and of any length', async () => {
    const sheet = (first: number) => get(`/sheets/${explanationId(1, 0)}.png?first=${first}&dataset=objects`);
    const heights = [];
    for (const first of [1, 3]) heights.push((await pixels(await sheet(first))).info.width);
    expect(heights[1]).toBeGreaterThan(heights[0]);
    for (const first of [0, 24, 1.5]) expect(await codeOf(await sheet(first))).toEqual([400, 'BAD_INPUT']);
    const query = `{ explanation(model: "net-1", image: "${globalId('Image', 1)}") { sheetUrl(first: 24) } }`;
    expect((await api.ask(query)).errors?.[0].extensions.code).toBe('BAD_INPUT');
  });

  it('are sent once, and anew where what they show has changed', async () => {
    const url = `/sheets/${explanationId(1, 0)}.png`;
    const etag = (await get(url)).headers.get('etag') as string;
    expect((await get(url, { 'if-none-match': etag })).status).toBe(304);
    await api.store.prisma.concept.updateMany({ where: { name: 'dog' }, data: { name: 'hound' } });
    expect((await get(url, { 'if-none-match': etag })).status).toBe(200);
  });

  it('say what is missing: maps, units, images', async () => {
    expect(await codeOf(await get(mask(2, 0)))).toEqual([404, 'NOT_FOUND']); // only sums are stored
    expect(await codeOf(await get(mask(1, 3)))).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf(await get(mask(999, 0)))).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf(await get(mask(1, 'x')))).toEqual([400, 'BAD_INPUT']);
    expect(await codeOf(await get(`${mask(1, 0)}?width=1025`))).toEqual([400, 'BAD_INPUT']);
    expect(await codeOf(await get(`/masks/${globalId('Image', 1)}/0.png`))).toEqual([400, 'BAD_ID']);
    expect(await codeOf(await get(`/sheets/${globalId('Prediction', 1)}.png`))).toEqual([400, 'BAD_ID']);
    expect(await codeOf(await get(`/sheets/${explanationId(1, 9)}.png`))).toEqual([404, 'NOT_FOUND']);
  });

  it('show what was sent in from the store', async () => {
    const bytes = await sharp({ create: { width: 6, height: 3, channels: 4, background: { ...COLOUR, alpha: 1 } } })
      .webp({ lossless: true })
      .toBuffer();
    const { id } = await storeUpload(api.store, bytes, { name: 'small.webp', width: 6, height: 3 });
    const { data, info } = await pixels(await get(`/images/${globalId('Image', id)}.png`));
    expect(info).toMatchObject({ width: 6, height: 3 });
    expect([...data.subarray(0, 3)]).toEqual([200, 100, 41]);
  });
});
