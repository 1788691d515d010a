import type { PrismaClient } from '../prisma/generated/client.ts';
import { createRowBudget, type RowBudget } from './budget.ts';
import { createLoaders, type Loaders } from './loaders/index.ts';

/** What every resolver of one request shares. */
export interface Context {
  prisma: PrismaClient;
  budget: RowBudget;
  loaders: Loaders;
}

/** A context of its own for each request, so that loaders never answer from an earlier one. */
export function createContext(prisma: PrismaClient): Context {
  const budget = createRowBudget();
  return { prisma, budget, loaders: createLoaders(prisma, budget) };
}
