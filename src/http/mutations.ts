import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import { includes } from '../../core/access.ts';
import { ERRORS } from '../../core/errors.ts';
import type { Context } from '../graphql/context.ts';
import { log } from './log.ts';

/** What of the variables the audit log keeps. */
const MAX_VARIABLES = 4096;

/** What raters of a study do: the token of their link, which these fields look at themselves, is all they have. */
const BY_TOKEN = ['answerStudy', 'describeUnit'];

const isByToken = ({ selectionSet }: OperationDefinitionNode): boolean =>
  selectionSet.selections.every((field) => field.kind === Kind.FIELD && BY_TOKEN.includes(field.name.value));

/**
 * Mutations need a key of scope ingest where they come from elsewhere; each is written down, also where it was refused
 * or failed.
 */
export const mutations: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue: { access } }) {
        if (operation?.operation !== 'mutation' || includes(access.scope, 'INGEST') || isByToken(operation)) return;
        const code = access.key === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
        const message = `Mutations from here need a key of scope ingest${access.key === null ? '' : `; that of "${access.key}" only reads`}.`;
        throw new GraphQLError(message, { extensions: { code, http: { status: ERRORS[code].status } } });
      },
      async willSendResponse({ operation, request, response, contextValue: { access, prisma } }) {
        if (operation?.operation !== 'mutation') return;
        const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
        const fields = operation.selectionSet.selections.flatMap((field) => (field.kind === Kind.FIELD ? [field.name.value] : []));
        const entry = { key: access.key, address: access.address, fields, variables: kept(request.variables ?? {}) };
        const error = errors.length === 0 ? null : String(errors[0].extensions?.code ?? 'INTERNAL_SERVER_ERROR');
        try {
          await prisma.auditEntry.create({ data: { ...entry, error } });
        } catch (cause) {
          log.error({ ...entry, error, err: cause }, 'a mutation could not be written down');
        }
      },
    };
  },
};

const UNSTORABLE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** PostgreSQL keeps neither NUL nor half a character. */
const storable = (text: string): string => text.replaceAll(UNSTORABLE, '\uFFFD');

/** Variables without what is long, an image as base64, say, and without secrets. */
function kept(variables: Record<string, unknown>): object {
  const text = JSON.stringify(variables, (name, value) =>
    name === 'token' ? '…' : typeof value === 'string' ? storable(value.slice(0, 200)) : value,
  );
  return text.length <= MAX_VARIABLES ? JSON.parse(text) : { cut: text.slice(0, MAX_VARIABLES) };
}
