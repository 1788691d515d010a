/** What a client asks of nodes below a field, read ahead from its selection. */
import { type FieldNode, type FragmentDefinitionNode, type GraphQLResolveInfo, isObjectType, Kind, type SelectionSetNode } from 'graphql';
import { MODELS } from '../../../prisma/generated/tables.ts';
import { NODE_TYPES, type RowType } from './node-types.ts';
import { isToOne } from './own-relations.ts';

/** Of a node: which columns what is asked for depends on, and of which nodes that it points to what. */
export interface Wanted {
  readonly type: RowType;
  readonly fields: readonly string[];
  readonly one: Readonly<Record<string, Wanted>>;
  /** Short and the same for what is the same: keys of loaders and statements hold it. */
  toJSON(): string;
}

/** The paths from a connection to its nodes. */
export const NODES = [['nodes'], ['edges', 'node']] as const;

const read = new WeakMap<FieldNode, Map<string, Wanted | undefined>>();

/**
 * What is asked of the nodes of a type that a field leads to by any of `paths`, lists of field names; undefined where
 * none of them is asked for. Reads too much where @skip or a fragment of another type would leave something out, never
 * too little.
 */
export function wantedOf(info: GraphQLResolveInfo, type: RowType, ...paths: readonly (readonly string[])[]): Wanted | undefined {
  const [first] = info.fieldNodes;
  if (info.fieldNodes.length > 1) return find(info, type, paths);
  const known = read.get(first) ?? new Map<string, Wanted | undefined>();
  read.set(first, known);
  const key = JSON.stringify(paths);
  if (!known.has(key)) known.set(key, find(info, type, paths));
  return known.get(key);
}

function find(info: GraphQLResolveInfo, type: RowType, paths: readonly (readonly string[])[]): Wanted | undefined {
  const sets = selectionsAt(info, paths);
  return sets.length === 0 ? undefined : wantedIn(sets, type, info);
}

/** What is selected at the ends of `paths` from a field. */
export function selectionsAt(info: GraphQLResolveInfo, paths: readonly (readonly string[])[]): SelectionSetNode[] {
  const root = info.fieldNodes.flatMap((node) => node.selectionSet ?? []);
  return paths.flatMap((path) =>
    path.reduce(
      (inside, name) =>
        inside.flatMap((set) =>
          fieldsIn(set, info.fragments)
            .filter((field) => field.name.value === name)
            .flatMap((field) => field.selectionSet ?? []),
        ),
      root,
    ),
  );
}

/** What is asked of a node by some selections of its fields. */
export function wantedIn(sets: readonly SelectionSetNode[], type: RowType, info: GraphQLResolveInfo): Wanted {
  const relations: Readonly<Record<string, readonly [RowType, string]>> = NODE_TYPES[type].one;
  const columns: readonly string[] = NODE_TYPES[type].columns;
  const object = info.schema.getType(type);
  const resolvers = isObjectType(object) ? object.getFields() : {};
  const fields = new Set<string>(['id']);
  const inside: Record<string, SelectionSetNode[]> = {};
  for (const field of sets.flatMap((set) => fieldsIn(set, info.fragments))) {
    const name = field.name.value;
    const resolve = resolvers[name]?.resolve;
    if (name === '__typename' || name === 'id') continue;
    if (Object.hasOwn(relations, name) && isToOne(resolve)) {
      fields.add(relations[name][1]);
      inside[name] ??= [];
      if (field.selectionSet) inside[name].push(field.selectionSet);
    } else if (columns.includes(name) && !resolve) fields.add(name);
    else for (const column of columns) fields.add(column);
  }
  const one = Object.fromEntries(Object.entries(inside).map(([name, below]) => [name, wantedIn(below, relations[name][0], info)]));
  const key = JSON.stringify([type, [...fields].sort(), one]);
  return { type, fields: [...fields], one, toJSON: () => key };
}

/** The fields of a selection, those in fragments too. */
export function fieldsIn(set: SelectionSetNode, fragments: Readonly<Record<string, FragmentDefinitionNode>>): FieldNode[] {
  return set.selections.flatMap((one) => {
    if (one.kind === Kind.FIELD) return one;
    const inside = one.kind === Kind.INLINE_FRAGMENT ? one.selectionSet : fragments[one.name.value]?.selectionSet;
    return inside ? fieldsIn(inside, fragments) : [];
  });
}

/** Rows as they were read ahead, with the instants that JSON writes as text. */
export function withInstants<Row extends object>(rows: Row[], wanted: Wanted | undefined): Row[] {
  if (wanted)
    for (const [name, { type, ...below }] of Object.entries(wanted.one)) {
      const inner = rows.flatMap((row) => (row as Record<string, object | null>)[name] ?? []) as Record<string, unknown>[];
      const kinds: Readonly<Record<string, { type: string }>> = MODELS[type].fields;
      for (const field of below.fields.filter((one) => kinds[one].type === 'DateTime')) {
        for (const row of inner) if (typeof row[field] === 'string') row[field] = new Date(row[field]);
      }
      withInstants(inner, { type, ...below });
    }
  return rows;
}
