/** What stands behind each type of the schema: the codegen's mappers. Mostly rows of the store as they are. */
import type {
  Concept,
  Dataset,
  DatasetCategory,
  Dissection,
  Experiment,
  Image,
  Job,
  Layer,
  Model,
  Series,
  TopImage,
  Unit,
  UnitScore,
  Verdict,
} from '../prisma/generated/client.ts';
import type { ConceptDetectors } from '../prisma/results/concept-detectors.ts';
import type { FinalLabel } from '../prisma/results/final-labels.ts';
import type { TauIou } from '../prisma/results/iou-against-tau.ts';
import type { RotationPoint, RotationRun } from '../prisma/results/rotation.ts';
import type { UnitChange } from '../prisma/results/unit-changes.ts';
import type { Connection } from './connections.ts';
import type { CountingRule, ModelFact } from './generated/resolvers.ts';

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

export type ExperimentRow = Experiment;
export type JobRow = Job;
export type VerdictRow = Verdict;
export type RotationPointRow = RotationPoint;
export type RotationRunRow = RotationRun;
export type FinalLabelRow = FinalLabel;
export type ConceptDetectorCountRow = ConceptDetectors;

export interface ConceptImageRow {
  conceptId: number;
  imageId: number;
  pixels: number;
  coverage: number;
}

/** A top image seen from the image. */
export type FiringUnitRow = TopImageRow;

export interface TauCurveRow {
  conceptId: number;
  points: TauIou[];
}

export interface UnitAtCheckpointRow {
  checkpoint: ModelRow;
  unit: UnitRow;
}

export interface ConceptDetectorsRow {
  rule: CountingRule;
  correlation: number | null;
  concepts: ConceptDetectorCountRow[];
}

export interface UnitChangesRow {
  before: DissectionRow;
  after: DissectionRow;
  minIou: number;
  units: UnitChangeRow[];
}

export interface UnitChangeRow extends UnitChange {
  beforeLayerId: number;
  afterLayerId: number;
}

export interface ComparedGroupRow {
  by: readonly ModelFact[];
  model: ModelRow;
  layers: ComparedLayerRow[];
}

export type ModelConnectionRow = Connection<ModelRow>;
export type DatasetConnectionRow = Connection<DatasetRow>;
export type ConceptConnectionRow = Connection<ConceptRow>;
export type UnitConnectionRow = Connection<UnitRow>;
export type JobConnectionRow = Connection<JobRow>;
export type ExperimentConnectionRow = Connection<ExperimentRow>;
export type ConceptImageConnectionRow = Connection<ConceptImageRow>;

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
  Experiment: ExperimentRow;
  Job: JobRow;
}
export type NodeType = keyof NodeRows;
export type NodeRow = { [T in NodeType]: NodeRows[T] & { __typename: T } }[NodeType];
