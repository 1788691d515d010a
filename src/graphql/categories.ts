import {
  type GraphQLArgument,
  GraphQLError,
  type GraphQLFieldResolver,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
} from 'graphql';
import { BRODEN_CATEGORIES, categoryOf } from '../../core/category.ts';
import { DissectoryError } from '../../core/errors.ts';
import type { Context } from './context.ts';

/** A category's name: `OBJECT`, `"OBJECT"` or `"object"`; given as the store spells it. */
export const GraphQLCategory = new GraphQLScalarType({
  name: 'Category',
  serialize: String,
  parseValue: (value) => read(value),
  parseLiteral: (node) => read(node.kind === Kind.STRING || node.kind === Kind.ENUM ? node.value : null),
});

function read(value: unknown): string {
  if (typeof value === 'string' && value !== '') return categoryOf(value);
  throw new GraphQLError('Category must be the name of a category, such as OBJECT or "organ".');
}

/**
 * Makes every field that takes a category refuse one that no dataset has: to count none of a mistyped name would be a
 * wrong number. Broden's are never refused. Throws BAD_INPUT when such a field is asked for.
 */
export function requireKnownCategories(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const named = field.args.filter(isCategory).map(({ name }) => name);
      if (named.length > 0 && field.resolve) field.resolve = checkedFirst(field.resolve, named);
    }
  }
}

const isCategory = ({ type }: GraphQLArgument) => getNamedType(type).name === GraphQLCategory.name;

type Resolve = GraphQLFieldResolver<unknown, Context>;

function checkedFirst(resolve: Resolve, named: readonly string[]): Resolve {
  return (source, args, context, info) => {
    const own = named.map((name) => args[name]).filter((category) => category != null && !BRODEN_CATEGORIES.includes(category));
    if (own.length === 0) return resolve(source, args, context, info);
    return Promise.all(own.map((category) => requireKnown(category, context))).then(() => resolve(source, args, context, info));
  };
}

async function requireKnown(category: string, { prisma }: Context): Promise<void> {
  if ((await prisma.datasetCategory.findFirst({ where: { category } })) !== null) return;
  const found = await prisma.datasetCategory.findMany({ distinct: ['category'], select: { category: true }, take: 20 });
  const names = found.map((one) => one.category).join(', ');
  throw new DissectoryError('BAD_INPUT', `No dataset has a category "${category}"; there are ${names || 'none'}.`);
}
