import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { globalId } from '../../../src/graphql/ids.ts';
import { newObjectStorage, type ObjectStorage } from '../../object-storage.ts';
import { type Api, serve } from '../graphql/api.ts';
import { seed } from '../graphql/seed.ts';

let api: Api;
let storage: ObjectStorage;
beforeAll(async () => {
  storage = await newObjectStorage();
  for (const [name, value] of Object.entries(storage.env)) vi.stubEnv(name, value);
  api = await serve(async ({ prisma }) => {
    await seed(prisma, 1);
    await prisma.dataset.update({ where: { slug: 'tiny' }, data: { path: 's3://bucket/sets/tiny' } });
    await prisma.image.update({ where: { id: 2 }, data: { file: 'deep/1.jpg' } });
  });
});
afterAll(async () => {
  await api.close();
  await storage.remove();
  vi.unstubAllEnvs();
});

const picture = (width: number) =>
  sharp({ create: { width, height: 8, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
const get = (id: number, headers: Record<string, string> = {}) => fetch(`${api.url}/images/${globalId('Image', id)}.png`, { headers });

it('an image in object storage is served, anew when it is another, and what is wrong is said by status', async () => {
  await storage.put('sets/tiny/images/deep/1.jpg', await picture(16));
  const response = await get(2);
  expect(await sharp(await response.arrayBuffer()).metadata()).toMatchObject({ format: 'png', width: 16, height: 8 });
  const held = { 'if-none-match': response.headers.get('etag') ?? '' };
  expect((await get(2, held)).status).toBe(304);
  await storage.put('sets/tiny/images/deep/1.jpg', await picture(24));
  expect(await sharp(await (await get(2, held)).arrayBuffer()).metadata()).toMatchObject({ width: 24 });
  expect((await get(1)).status).toBe(404);
  await storage.stop();
  const away = await get(2);
  expect(away.status).toBe(503);
  expect(await away.json()).toMatchObject({ errors: [{ extensions: { code: 'OBJECTS_UNAVAILABLE' } }] });
});
