import { GraphQLBigInt, GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import GraphQLUpload from 'graphql-upload/GraphQLUpload.mjs';
import { GraphQLCategory } from '../categories.ts';

export const scalars = {
  BigInt: GraphQLBigInt,
  Category: GraphQLCategory,
  DateTime: GraphQLDateTime,
  JSONObject: GraphQLJSONObject,
  Upload: GraphQLUpload,
};
