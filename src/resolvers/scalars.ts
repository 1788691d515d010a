import { GraphQLBigInt, GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';

export const scalars = { BigInt: GraphQLBigInt, DateTime: GraphQLDateTime, JSONObject: GraphQLJSONObject };
