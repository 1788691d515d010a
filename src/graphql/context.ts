import type { Access } from '../../core/access.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import type { Store } from '../../store/store.ts';
import type { Announcements } from './announcements.ts';
import { createRowBudget, type RowBudget } from './budget.ts';
import { createLoaders, type Loaders } from './loaders/index.ts';
import type { LazyQueue } from './queue.ts';

/** What every request of a server shares. */
export interface Shared {
  store: Store;
  prisma: PrismaClient;
  queue: LazyQueue;
  announcements: Announcements;
}

/** What every resolver of one request shares. */
export interface Context extends Shared {
  budget: RowBudget;
  access: Access;
  loaders: Loaders;
}

/** A context of its own for each request, so that loaders never answer from an earlier one. */
export function createContext(shared: Shared, access: Access): Context {
  const budget = createRowBudget(access.isGone);
  return { ...shared, access, budget, loaders: createLoaders(shared.store, budget) };
}
