import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globalId } from '../../../src/graphql/ids.ts';
import { type Api, serve } from '../graphql/api.ts';
import { seed } from '../graphql/seed.ts';

const COLOUR = { r: 200, g: 100, b: 41 };
const pixels = async (response: Response) =>
  sharp(Buffer.from(await response.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true });

describe('images over HTTP', () => {
  let api: Api;
  let folder: string;
  let unit: number;

  /**
   * A dataset of two images on disk (the third is missing), a secret beside images/, and units of the seed that fire on
   * them.
   */
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dissectory-images-'));
    await fs.mkdir(path.join(folder, 'images', 'deep'), { recursive: true });
    await sharp({ create: { width: 8, height: 8, channels: 3, background: COLOUR } })
      .png()
      .toFile(path.join(folder, 'images', '0.png'));
    await sharp({ create: { width: 16, height: 8, channels: 3, background: COLOUR } })
      .jpeg()
      .toFile(path.join(folder, 'images', 'deep', '1.jpg'));
    await sharp({ create: { width: 1, height: 1, channels: 3, background: COLOUR } })
      .png()
      .toFile(path.join(folder, 'secret.png'));
    await fs.symlink(path.join(folder, 'secret.png'), path.join(folder, 'images', 'link.png'));
    api = await serve(async ({ prisma }) => {
      await seed(prisma, 1);
      await prisma.dataset.update({ where: { slug: 'tiny' }, data: { path: folder } });
      await prisma.image.update({ where: { id: 2 }, data: { file: 'deep/1.jpg' } });
      const dissection = await prisma.dissection.findUniqueOrThrow({ where: { key: 'run-1 conv1' } });
      unit = (await prisma.unit.findFirstOrThrow({ where: { dissectionId: dissection.id, index: 0 } })).id;
      const map = Buffer.from(Float32Array.of(4, 0, 0, 0).buffer);
      await prisma.topImage.update({ where: { unitId_rank: { unitId: unit, rank: 1 } }, data: { imageId: 1, map } });
      await prisma.unit.update({ where: { id: unit }, data: { threshold: 2 } });
    });
  });
  afterAll(async () => {
    await api?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  const get = (file: string, headers: Record<string, string> = {}) => fetch(api.url + file, { headers });
  const image = (id: number) => `/images/${globalId('Image', id)}.png`;
  const overlay = (rank: number) => `/overlays/${globalId('Unit', unit)}/${rank}.png`;

  it('are PNGs of their own size, whatever the file is', async () => {
    const response = await get(image(2));
    expect(response.headers.get('content-type')).toBe('image/png');
    const { info } = await pixels(response);
    expect(info).toMatchObject({ width: 16, height: 8 });
  });

  it('are made smaller by ?width=, never larger', async () => {
    expect((await pixels(await get(`${image(2)}?width=4`))).info).toMatchObject({ width: 4, height: 2 });
    expect((await pixels(await get(`${image(2)}?width=400`))).info).toMatchObject({ width: 16, height: 8 });
    for (const width of ['0', '-1', '1.5', 'x', '', '4097', '4&width=5']) {
      const response = await get(`${image(2)}?width=${width}`);
      expect(response.status, width).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [{ message: expect.stringContaining('width must be'), extensions: { code: 'BAD_INPUT' } }],
      });
    }
  });

  it('are the same where the API says', async () => {
    const { data } = await api.ask<{ node: { topImages: { imageUrl: string; overlayUrl: string }[] } }>(
      `{ node(id: "${globalId('Unit', unit)}") { ... on Unit { topImages(first: 1) { imageUrl overlayUrl } } } }`,
    );
    expect(data.node.topImages).toEqual([{ imageUrl: image(1), overlayUrl: overlay(1) }]);
  });

  it('are darkened to a quarter outside the unit, exactly, and left alone within', async () => {
    const { data, info } = await pixels(await get(overlay(1)));
    expect(info).toMatchObject({ width: 8, height: 8, channels: 3 });
    const bright = ['####....', '####....', '####....', '###.....', '........', '........', '........', '........'];
    for (const [y, row] of bright.entries()) {
      for (const [x, pixel] of [...row].entries()) {
        expect([...data.subarray((y * 8 + x) * 3, (y * 8 + x) * 3 + 3)], `${x}, ${y}`).toEqual(
          pixel === '#' ? [200, 100, 41] : [50, 25, 10],
        );
      }
    }
  });

  it('are sent once: an ETag that still holds gives 304, one that does not the image', async () => {
    for (const url of [image(1), `${image(1)}?width=4`, overlay(1)]) {
      const etag = (await get(url)).headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[\w-]+"$/);
      const again = await get(url, { 'if-none-match': etag });
      expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
      expect((await get(url, { 'if-none-match': '"other"' })).status).toBe(200);
      expect(again.headers.get('cache-control')).toBe('public, max-age=3600');
    }
  });

  it('have an ETag for each size and threshold, and a new one when the file changes', async () => {
    const etags = async () =>
      Promise.all([image(1), `${image(1)}?width=4`, overlay(1)].map(async (url) => (await get(url)).headers.get('etag')));
    const before = await etags();
    expect(new Set(before).size).toBe(3);
    await api.store.prisma.unit.update({ where: { id: unit }, data: { threshold: 3 } });
    const stricter = await etags();
    expect(stricter.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(stricter[2]).not.toBe(before[2]);
    await fs.utimes(path.join(folder, 'images', '0.png'), new Date(), new Date(2026, 1, 1));
    for (const [i, etag] of (await etags()).entries()) expect(etag).not.toBe(stricter[i]);
  });

  it.each(['../secret.png', '../../../../../etc/passwd', 'deep/../../secret.png', 'link.png', '.', '../graphql', ''])(
    'never come from outside images/, even when the store says %s',
    async (file) => {
      await api.store.prisma.image.update({ where: { id: 3 }, data: { file } });
      const response = await get(image(3));
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    },
  );

  it('that are missing on disk say so, naming the file, and are not cached', async () => {
    await api.store.prisma.image.update({ where: { id: 3 }, data: { file: 'gone.png' } });
    const response = await get(image(3));
    expect([response.status, response.headers.get('cache-control'), response.headers.get('etag')]).toEqual([404, null, null]);
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(errors[0].message).toMatch(/"gone.png" of dataset "tiny"/);
    expect(errors[0].message).not.toContain(folder);
  });

  it('are refused for ids that are none, or no image', async () => {
    const statuses = async (...urls: string[]) => Promise.all(urls.map(async (url) => (await get(url)).status));
    const otherType = globalId('Unit', 1);
    expect(await statuses('/images/1.png', '/images/..%2F..%2Fetc%2Fpasswd.png', `/images/${otherType}.png`)).toEqual([400, 400, 400]);
    expect(await statuses(image(999_999), overlay(99))).toEqual([404, 404]);
    expect(
      await statuses(`/overlays/${otherType}/0.png`, `/overlays/${otherType}/x.png`, `/overlays/${globalId('Image', 1)}/1.png`),
    ).toEqual([400, 400, 400]);
  });
});
