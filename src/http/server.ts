import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import { makeExecutableSchema } from '@graphql-tools/schema';
import express from 'express';
import type { Access } from '../../core/access.ts';
import { listenError } from '../../core/machine-error.ts';
import type { Store } from '../../store/store.ts';
import { announcements } from '../graphql/announcements.ts';
import { createRowBudget } from '../graphql/budget.ts';
import { requireKnownCategories } from '../graphql/categories.ts';
import { type Context, createContext } from '../graphql/context.ts';
import { countNodes } from '../graphql/count-nodes.ts';
import { blockOtherFormats } from '../graphql/image-in.ts';
import { MAX_TOKENS, validationRules } from '../graphql/limits.ts';
import { createLoaders } from '../graphql/loaders/index.ts';
import { lazyQueue } from '../graphql/queue.ts';
import { resolvers } from '../graphql/resolvers/index.ts';
import { typeDefs } from '../graphql/schema.ts';
import { sheetWords } from '../graphql/sheet-words.ts';
import { explanationImageRoutes } from '../images/explanation-routes.ts';
import { imageRoutes } from '../images/routes.ts';
import { spriteRoutes } from '../images/sprite-routes.ts';
import { accessOf } from './access.ts';
import { apolloExecution } from './apollo-execution.ts';
import { cost } from './cost.ts';
import { dashboard } from './dashboard.ts';
import { graphqlPosts } from './graphql-posts.ts';
import { guarded } from './guard.ts';
import { healthRoutes } from './health.ts';
import { httpErrors } from './http-errors.ts';
import { httpStatus } from './http-status.ts';
import { landingPage } from './landing.ts';
import { jsonBodies } from './large-bodies.ts';
import { limitStreams } from './limit-streams.ts';
import { log } from './log.ts';
import { metricsRoutes } from './metrics.ts';
import { multipartBodies } from './multipart-bodies.ts';
import { mutations } from './mutations.ts';
import { formatError } from './public-errors.ts';
import { type AccessSettings, DEFAULT_ACCESS } from './settings.ts';
import { streamRoute } from './stream.ts';

export interface ServerOptions {
  /** Stays open when the server closes. */
  store: Store;
  /** 0 for any that is free. */
  port: number;
  host: string;
  /** Absent: DEFAULT_ACCESS. */
  access?: AccessSettings;
}

export interface RunningServer {
  /** Without a trailing slash. */
  url: string;
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>;
}

/**
 * Serves the store: GraphQL at /graphql, subscriptions at /graphql/stream, /metrics, images and overlays, /health and
 * /ready, a page to try queries at /. Throws CONFLICT when the port is taken.
 */
export async function startServer({ store, port, host, access: settings = DEFAULT_ACCESS }: ServerOptions): Promise<RunningServer> {
  blockOtherFormats();
  const app = express().disable('x-powered-by').disable('etag');
  const httpServer = http.createServer(PATIENCE);
  const schema = makeExecutableSchema({ typeDefs, resolvers });
  requireKnownCategories(schema);
  countNodes(schema);
  const shared = { store, prisma: store.prisma, queue: lazyQueue(store, logQueueError), announcements: announcements(store.url) };
  const newContext = (access: Access) => createContext(shared, access);
  const apollo = new ApolloServer<Context>({
    gateway: apolloExecution(schema),
    introspection: true,
    csrfPrevention: true,
    validationRules,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError,
    includeStacktraceInErrorResponses: false,
    logger: log,
    // The process decides when to stop (main.ts): Apollo's own handler would end it before the store is closed.
    stopOnTerminationSignals: false,
    plugins: [
      mutations,
      cost(schema),
      httpStatus,
      // No field has a cache hint, and looking for them takes a third of the time of a large answer.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer }),
    ],
  });
  await apollo.start();

  app.get('/graphiql', landingPage);
  app.use(healthRoutes(store.pool));
  app.use(metricsRoutes(store.pool));
  app.use(imageRoutes(store.prisma));
  app.use(
    explanationImageRoutes(store.prisma, (explained, asked) => sheetWords(explained, asked, createLoaders(store, createRowBudget()))),
  );
  app.use(spriteRoutes(store.prisma));
  app.use('/graphql', jsonBodies());
  app.use('/graphql/stream', limitStreams(), streamRoute(schema, newContext));
  app.use('/graphql', multipartBodies());
  app.use('/graphql', expressMiddleware(apollo, { context: async ({ req }) => newContext(accessOf(req)) }));
  app.use(dashboard());
  app.use(httpErrors);

  const routes = graphqlPosts(apollo, (request) => newContext(accessOf(request)), app);
  httpServer.on('request', guarded(store, host, settings, routes));
  await listen(httpServer, port, host);
  return {
    url: urlOf(httpServer.address() as AddressInfo),
    async close() {
      await shared.announcements.close(); // ends subscriptions, for which Apollo would wait
      await apollo.stop();
      await shared.queue.close();
    },
  };
}

/**
 * Who says nothing, or drips, is not waited for: in milliseconds, for the head of a request and for all of it, an image
 * at 170 kB a second included.
 */
const PATIENCE = { headersTimeout: 20_000, requestTimeout: 120_000, connectionsCheckingInterval: 5_000 };

const logQueueError = (error: Error): void => log.warn({ reason: error.message }, 'queue');

async function listen(server: http.Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, host, port, 'PORT');
  }
}

/** For people on this machine: an address that means "all" or "this one" is shown as localhost. */
function urlOf({ address, port }: AddressInfo): string {
  const host = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(address) ? 'localhost' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
