/**
 * The types of the API that have a global id, in one table: ids, `node`, columns, loaders and the relations that point
 * to one node follow from it.
 */
import { MODELS, type Rows } from '../../../prisma/generated/tables.ts';

type Models = typeof MODELS;
type FieldOf<Type extends keyof Models> = keyof Models[Type]['fields'] & string;

interface NodeType<Type extends keyof Models> {
  /** What the table is called within statements. */
  alias: string;
  /** What is read of a row: all that resolvers need, and nothing long that few ask for. */
  columns: readonly FieldOf<Type>[];
  /** Relations to one node: its type, and the field that holds its row; null there means that there is none. */
  one: Readonly<Record<string, readonly [keyof Models, FieldOf<Type>]>>;
}

export const NODE_TYPES = {
  Model: {
    alias: 'm',
    columns: allBut('Model', 'classes', 'path', 'channels', 'mean', 'std', 'resize', 'tokens', 'inputs', 'output'),
    one: { series: ['Series', 'seriesId'] },
  },
  Layer: { alias: 'l', columns: allBut('Layer'), one: { model: ['Model', 'modelId'] } },
  Dataset: { alias: 's', columns: allBut('Dataset', 'path', 'format', 'imageFolder'), one: {} },
  Concept: { alias: 'c', columns: allBut('Concept'), one: { dataset: ['Dataset', 'datasetId'] } },
  Image: { alias: 'i', columns: allBut('Image', 'sha256'), one: { dataset: ['Dataset', 'datasetId'] } },
  Dissection: { alias: 'd', columns: allBut('Dissection'), one: { layer: ['Layer', 'layerId'], dataset: ['Dataset', 'datasetId'] } },
  Unit: { alias: 'u', columns: allBut('Unit'), one: { label: ['Concept', 'labelId'], dissection: ['Dissection', 'dissectionId'] } },
  Series: { alias: 'r', columns: allBut('Series'), one: {} },
  Experiment: { alias: 'e', columns: allBut('Experiment'), one: { layer: ['Layer', 'layerId'], dataset: ['Dataset', 'datasetId'] } },
  Job: {
    alias: 'j',
    columns: allBut('Job', 'key', 'delivery'),
    one: { model: ['Model', 'modelId'], dataset: ['Dataset', 'datasetId'], experiment: ['Experiment', 'experimentId'] },
  },
  Head: { alias: 'h', columns: allBut('Head', 'key'), one: { layer: ['Layer', 'layerId'], dataset: ['Dataset', 'datasetId'] } },
  Prediction: { alias: 'p', columns: allBut('Prediction'), one: { image: ['Image', 'imageId'], head: ['Head', 'headId'] } },
  Ablation: {
    alias: 'a',
    columns: allBut('Ablation', 'parameters', 'key'),
    one: { layer: ['Layer', 'layerId'], head: ['Head', 'headId'], dataset: ['Dataset', 'datasetId'] },
  },
} as const satisfies { [Type in keyof Models]?: NodeType<Type> };

/** A type of node behind which stands a row of the table of the same name. */
export type RowType = keyof typeof NODE_TYPES;

/** What is read of a node of each type, typed as Prisma reads it. */
export type NodeRows = { [Type in RowType]: Pick<Rows[Type], (typeof NODE_TYPES)[Type]['columns'][number] & keyof Rows[Type]> };

export const isRowType = (type: string): type is RowType => Object.hasOwn(NODE_TYPES, type);

function allBut<Type extends keyof Models, Field extends keyof Models[Type]['fields'] = never>(
  model: Type,
  ...left: readonly Field[]
): readonly Exclude<keyof Models[Type]['fields'], Field>[] {
  const fields = Object.keys(MODELS[model].fields) as (keyof Models[Type]['fields'])[];
  return fields.filter((field) => !(left as readonly unknown[]).includes(field)) as Exclude<keyof Models[Type]['fields'], Field>[];
}
