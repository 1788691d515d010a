/** What stands behind each type of the schema: the codegen's mappers. Mostly rows of the store as they are. */
import type {
  Concept,
  Dataset,
  DatasetCategory,
  Dissection,
  Image,
  Layer,
  Model,
  Series,
  TopImage,
  Unit,
  UnitScore,
} from '../prisma/generated/client.ts';
import type { Connection } from './connections.ts';
import type { CountingRule } from './generated/resolvers.ts';

export type ModelRow = Model;
export type LayerRow = Layer;
export type DatasetRow = Dataset;
export type DatasetCategoryRow = DatasetCategory;
export type ConceptRow = Concept;
export type ImageRow = Image;
export type DissectionRow = Dissection;
export type UnitRow = Unit;
export type UnitScoreRow = UnitScore;
/** Without the map, which only overlays read. */
export type TopImageRow = Omit<TopImage, 'map'>;
export type SeriesRow = Series;

export type ModelConnectionRow = Connection<ModelRow>;
export type DatasetConnectionRow = Connection<DatasetRow>;
export type ConceptConnectionRow = Connection<ConceptRow>;
export type UnitConnectionRow = Connection<UnitRow>;

export interface ComparisonRow {
  dataset: DatasetRow;
  minIou: number;
  rule: CountingRule;
  layers: ComparedLayerRow[];
}

export interface ComparedLayerRow {
  layer: LayerRow;
  datasetId: number;
  dissection: DissectionRow | null;
  minIou: number;
  rule: CountingRule;
}

/** What a global id can stand for. */
export interface NodeRows {
  Model: ModelRow;
  Layer: LayerRow;
  Dataset: DatasetRow;
  Concept: ConceptRow;
  Image: ImageRow;
  Dissection: DissectionRow;
  Unit: UnitRow;
  Series: SeriesRow;
}
export type NodeType = keyof NodeRows;
export type NodeRow = { [T in NodeType]: NodeRows[T] & { __typename: T } }[NodeType];
