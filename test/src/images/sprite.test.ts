import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globalId } from '../../../src/graphql/ids.ts';
import { type Api, serve } from '../graphql/api.ts';
import { seed } from '../graphql/seed.ts';

const EDGE = [255, 255, 235];
const INSIDE = [210, 90, 30];
const OUTSIDE = [70, 30, 10];

describe('small pictures of units', () => {
  let api: Api;
  let folder: string;
  let unit: number;
  let other: number;

  /**
   * The first image is a plain 8 x 8, the second 16 x 8; all others are missing. The unit fires on the first in its
   * upper left quarter.
   */
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dissectory-sprites-'));
    await fs.mkdir(path.join(folder, 'images'));
    const background = { r: INSIDE[0], g: INSIDE[1], b: INSIDE[2] };
    for (const [file, width] of [['0.png', 8] as const, ['1.png', 16] as const]) {
      await sharp({ create: { width, height: 8, channels: 3, background } })
        .png()
        .toFile(path.join(folder, 'images', file));
    }
    api = await serve(async ({ prisma }) => {
      await seed(prisma, 1);
      await prisma.dataset.update({ where: { slug: 'tiny' }, data: { path: folder } });
      await prisma.image.update({ where: { id: 1 }, data: { height: 8, width: 8 } });
      await prisma.image.update({ where: { id: 2 }, data: { height: 8, width: 16 } });
      const units = await prisma.unit.findMany({ where: { dissection: { key: 'run-1 conv1' } }, orderBy: { index: 'asc' } });
      [unit, other] = units.map(({ id }) => id);
      const map = Buffer.from(Float32Array.of(4, 0, 0, 0).buffer);
      await prisma.topImage.update({ where: { unitId_rank: { unitId: unit, rank: 1 } }, data: { imageId: 1, map } });
      await prisma.topImage.update({ where: { unitId_rank: { unitId: unit, rank: 2 } }, data: { imageId: 2, map } });
      await prisma.unit.update({ where: { id: unit }, data: { threshold: 2, maxActivation: 4 } });
    });
  });
  afterAll(async () => {
    await api?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  const strip = async (asked: string) => {
    const { data } = await api.ask<{ node: { stripUrl: string } }>(
      `{ node(id: "${globalId('Unit', unit)}") { ... on Unit { stripUrl(${asked}) } } }`,
    );
    return data.node.stripUrl;
  };
  const pixels = async (url: string) => {
    const response = await fetch(api.url + url);
    expect(response.status).toBe(200);
    return sharp(Buffer.from(await response.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
  };

  it('show a third of the light outside the mask, and a light line along its inner edge', async () => {
    const { data, info } = await pixels((await strip('images: 1, side: 8')).replace('.webp', '.png'));
    expect(info).toMatchObject({ width: 8, height: 8, channels: 4 });
    const expected = ['###*....', '###*....', '###*....', '***.....', '........', '........', '........', '........'];
    const drawn = Array.from({ length: 8 }, (_, y) =>
      Array.from({ length: 8 }, (_, x) => {
        const colour = [...data.subarray((y * 8 + x) * 4, (y * 8 + x) * 4 + 4)];
        const name = { '#': INSIDE, '*': EDGE, '.': OUTSIDE };
        return Object.entries(name).find(([, rgb]) => String([...rgb, 255]) === String(colour))?.[0] ?? '?';
      }).join(''),
    );
    expect(drawn).toEqual(expected);
  });

  it('lie in the middle of squares beside each other, clear around them', async () => {
    const { data, info } = await pixels((await strip('images: 2, side: 16, masks: false')).replace('.webp', '.png'));
    expect(info).toMatchObject({ width: 32, height: 16, channels: 4 });
    const alpha = (x: number, y: number) => data[(y * 32 + x) * 4 + 3];
    expect([alpha(0, 0), alpha(15, 15)]).toEqual([255, 255]); // 8 x 8 fills its square
    expect([alpha(16, 3), alpha(16, 4), alpha(31, 11), alpha(31, 12)]).toEqual([0, 255, 255, 0]); // 16 x 8
  });

  it('are kept for ever under the URL that the API gives, unless a file was missing or the version is another', async () => {
    const caching = async (url: string) => (await fetch(api.url + url)).headers.get('cache-control');
    const url = await strip('images: 2, side: 16');
    expect(await caching(url)).toBe('public, max-age=31536000, immutable');
    expect(await caching(url.replace(/sprites\/[^/]+/, 'sprites/older'))).toBe('public, max-age=3600');
    await fs.rename(path.join(folder, 'images', '1.png'), path.join(folder, 'images', 'gone.png'));
    expect(await caching(url)).toBe('public, max-age=3600');
    await fs.rename(path.join(folder, 'images', 'gone.png'), path.join(folder, 'images', '1.png'));
  });

  it('hold many units, a row each, in the order of the page', async () => {
    const query = `{ units(filter: { dataset: "tiny", models: ["run-1"], layers: ["conv1"] }, orderBy: INDEX_ASC, first: 3) {
      nodes { id } sprites(rows: 2, images: 2, side: 8) { url rows } } }`;
    const { data } = await api.ask<{ units: { nodes: { id: string }[]; sprites: { url: string; rows: number }[] } }>(query);
    const { nodes, sprites } = data.units;
    expect(sprites.map(({ rows }) => rows)).toEqual([2, 1]);
    expect(sprites[0].url).toContain(`/${nodes[0].id},${nodes[1].id}.webp`);
    expect(nodes[1].id).toBe(globalId('Unit', other));
    const { info } = await pixels(sprites[0].url);
    expect(info).toMatchObject({ width: 16, height: 16 });
  });

  it.each(['images: 17', 'images: 0', 'side: 513', 'images: 16, side: 512'])(
    'are refused where they would be too large: %s',
    async (asked) => {
      const { errors } = await api.ask(`{ node(id: "${globalId('Unit', unit)}") { ... on Unit { stripUrl(${asked}) } } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' }, message: expect.stringContaining('A sprite has 1 to') }]);
      const query = asked.replaceAll(': ', '=').replaceAll(', ', '&');
      expect((await fetch(`${api.url}/sprites/v/${globalId('Unit', unit)}.webp?${query}`)).status).toBe(400);
    },
  );

  it('of the activation are grey, from black at nothing to white at the most that the unit reaches', async () => {
    const { data, info } = await pixels(`/activations/${globalId('Unit', unit)}/1.png`);
    expect(info).toMatchObject({ width: 8, height: 8 });
    const firstRow = Array.from({ length: 8 }, (_, x) => data[x * info.channels]);
    expect(firstRow).toEqual([255, 255, 223, 159, 96, 32, 0, 0]); // 4 4 3.5 2.5 1.5 0.5 0 0 over 4
  });
});
