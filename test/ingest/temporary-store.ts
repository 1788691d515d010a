import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../store/store.ts';
import { createDatabase } from '../database.ts';

/** Where a test file's dissections lie: a store of its own, and a home for what is under way. */
export interface TemporaryStore {
  store: Store;
  home: string;
  remove(): Promise<void>;
}

export async function temporaryStore(): Promise<TemporaryStore> {
  const database = await createDatabase();
  const store = await openStore({ url: database.url, migrate: 'check' });
  const home = await mkdtemp(path.join(tmpdir(), 'dissectory-store-'));
  return {
    store,
    home,
    async remove() {
      await store.close();
      await rm(home, { recursive: true, force: true });
      await database.drop();
    },
  };
}
