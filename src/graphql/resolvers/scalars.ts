import { GraphQLBigInt, GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import GraphQLUpload from 'graphql-upload/GraphQLUpload.mjs';

export const scalars = { BigInt: GraphQLBigInt, DateTime: GraphQLDateTime, JSONObject: GraphQLJSONObject, Upload: GraphQLUpload };
