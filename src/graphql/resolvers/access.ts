import { includes } from '../../../core/access.ts';
import { DissectoryError } from '../../../core/errors.ts';
import type { Prisma } from '../../../prisma/generated/client.ts';
import { countOf } from '../connections.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';

const DEFAULT_FIRST = 100;

export const accessQueries: Pick<QueryResolvers, 'rateLimit' | 'auditLog'> = {
  rateLimit: (_, __, { access }) => access.rateLimit,

  async auditLog(_, { first, before }, { access, prisma, budget }) {
    if (!includes(access.scope, 'ADMIN')) throw new DissectoryError('FORBIDDEN', 'The audit log needs a key of scope admin.');
    const take = countOf('first', first ?? DEFAULT_FIRST);
    const entries = await prisma.auditEntry.findMany({
      where: before == null ? {} : { at: { lt: before } },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take,
    });
    return budget.count(entries.map((entry) => ({ ...entry, variables: entry.variables as Prisma.JsonObject })));
  },
};
