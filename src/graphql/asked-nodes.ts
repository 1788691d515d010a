/** How many nodes a question asks for before anything is read, with its variables put in. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';

/** Of connections that are not told how many. */
const DEFAULT_PAGE = 20;

/**
 * Nodes that an operation can be answered with at most, as far as its pages say: a list within a list is as long as
 * both together. Lists that have no pages count as one: how long they are is counted when they are read.
 */
export function askedNodes(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const root = schema.getRootType(operation.operation);
  return root ? nodesOf(operation.selectionSet, root.name) : 0;

  function nodesOf(selections: SelectionSetNode, typeName: string): number {
    const type = schema.getType(typeName);
    let nodes = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) nodes += nodesOf(fragment.selectionSet, fragment.typeCondition.name.value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        nodes += nodesOf(selection.selectionSet, selection.typeCondition?.name.value ?? typeName);
      } else if (selection.selectionSet && (isObjectType(type) || isInterfaceType(type))) {
        const field = type.getFields()[selection.name.value];
        if (!field || !isCompositeType(getNamedType(field.type))) continue;
        const pages = field.args.filter(({ name }) => name === 'first' || name === 'last');
        const most = pages.length === 0 ? 1 : pageOf(field, selection);
        nodes += most * (1 + nodesOf(selection.selectionSet, getNamedType(field.type).name));
      }
    }
    return nodes;
  }

  function pageOf(field: GraphQLField<unknown, unknown>, selection: FieldNode): number {
    try {
      const given = getArgumentValues(field, selection, variables);
      const most = Math.max(Number(given.first ?? 0), Number(given.last ?? 0));
      return most > 0 ? most : DEFAULT_PAGE;
    } catch {
      return DEFAULT_PAGE; // what is wrong with a variable is for the execution to say
    }
  }
}
