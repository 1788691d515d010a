import { afterEach, beforeEach } from 'vitest';
import { openStore, type Store } from '../../../store/store.ts';
import { createDatabase, type TestDatabase } from '../../database.ts';

/** Gives each test of the file a store of its own. */
export function eachWithStore(): { readonly store: Store; readonly url: string } {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await createDatabase();
    store = await openStore({ url: database.url, migrate: 'check' });
  });
  afterEach(async () => {
    await store.close();
    await database.drop();
  });
  return {
    get store() {
      return store;
    },
    get url() {
      return database.url;
    },
  };
}
