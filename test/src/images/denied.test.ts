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
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SOMEBODY');
  api = await serve(async ({ prisma }) => {
    await seed(prisma, 1);
    await prisma.dataset.update({ where: { slug: 'tiny' }, data: { path: 's3://bucket/sets/tiny' } });
  });
});
afterAll(async () => {
  await api.close();
  await storage.remove();
  vi.unstubAllEnvs();
});

it('an image that the object storage denies us is a 403', async () => {
  const response = await fetch(`${api.url}/images/${globalId('Image', 1)}.png`);
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
});
