import { rowOf } from '../../../core/ids.ts';
import { dissectionsStored, jobChanges } from '../events.ts';
import type { SubscriptionResolvers } from '../generated/resolvers.ts';

/** Each event is the row itself. */
const row = <Row>(event: Row): Row => event;

export const Subscription: SubscriptionResolvers = {
  jobProgress: {
    subscribe: (_, { id }, context) => jobChanges(context, rowOf('Job', id)),
    resolve: row,
  },
  dissectionFinished: {
    subscribe: (_, { dataset, model, series }, context) => dissectionsStored(context, { dataset, model, series }),
    resolve: row,
  },
};
