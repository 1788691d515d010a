import type { ApolloServerPlugin } from '@apollo/server';

const MEDIA_TYPE = 'application/graphql-response+json';

/**
 * GraphQL over HTTP: under application/json a well-formed GraphQL response has status 200, errors in the query or not;
 * only application/graphql-response+json tells them apart by status, which is what Apollo does for both.
 */
export const httpStatus: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, errors }) {
        const isQueryError = errors?.every(({ extensions }) => QUERY_ERRORS.includes(extensions.code));
        if (isQueryError && !request.http?.headers.get('accept')?.includes(MEDIA_TYPE)) response.http.status = 200;
      },
    };
  },
};

const QUERY_ERRORS: readonly unknown[] = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'];
