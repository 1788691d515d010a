import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Context } from './context.ts';

/**
 * Has every list of objects count in the budget of its request, also where a loader has read its rows before: cycles of
 * the schema (`concept { images { image { concepts } } }`) make an answer grow where nothing more is read. Changes the
 * schema in place.
 */
export function countNodes(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || type === schema.getSubscriptionType()) continue;
    for (const field of Object.values(type.getFields())) if (isListOfObjects(field.type)) count(field);
  }
}

function isListOfObjects(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type)) && isCompositeType(getNamedType(type));
}

function count(field: GraphQLField<unknown, Context>): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) => {
    const list: unknown = resolve(source, args, context, info);
    return list instanceof Promise ? list.then((items) => counted(items, context)) : counted(list, context);
  };
}

function counted(list: unknown, { budget }: Context): unknown {
  if (Array.isArray(list)) budget.nodes(list.length);
  return list;
}
