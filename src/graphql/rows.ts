/** What stands behind each type of the schema: the codegen's mappers. Mostly rows of the store as they are. */
import type { DatasetCategory, Evaluation, Study, TopImage, UnitScore, Verdict } from '../../prisma/generated/client.ts';
import type { Schedule } from '../../store/queue/schedule.ts';
import type { ConceptDetectors } from '../../store/results/concept-detectors.ts';
import type { FinalLabel } from '../../store/results/final-labels.ts';
import type { TauIou } from '../../store/results/iou-against-tau.ts';
import type { IouPoint } from '../../store/results/iou-sweep.ts';
import type { RotationPoint, RotationRun } from '../../store/results/rotation.ts';
import type { StudyResult } from '../../store/results/study.ts';
import type { UnitChange } from '../../store/results/unit-changes.ts';
import type { Connection } from './connections.ts';
import type { CountingRule, ModelFact } from './generated/schema.ts';
import type { NodeRows, RowType } from './nodes/node-types.ts';

export type ModelRow = NodeRows['Model'];
export type LayerRow = NodeRows['Layer'];
export type DatasetRow = NodeRows['Dataset'];
export type DatasetCategoryRow = DatasetCategory;
export type ConceptRow = NodeRows['Concept'];
export type ImageRow = NodeRows['Image'];
export type DissectionRow = NodeRows['Dissection'];
/** With the lists that were read with it (nodes/unit-lists.ts). */
export type UnitRow = NodeRows['Unit'] & { topImages?: TopImageRow[]; scores?: UnitScoreRow[] };
export type UnitScoreRow = Omit<UnitScore, 'standardError'>;
/** Without the map, which only overlays read. */
export type TopImageRow = Omit<TopImage, 'map'>;
export type SeriesRow = NodeRows['Series'];

export type ExperimentRow = NodeRows['Experiment'];
export type JobRow = NodeRows['Job'];
export type ScheduleRow = Schedule;
export type VerdictRow = Verdict;
export type HeadRow = NodeRows['Head'];
export type EvaluationRow = Evaluation;
export type PredictionRow = NodeRows['Prediction'];
export type AblationRow = NodeRows['Ablation'];
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

/** A prediction, seen from one of the head's classes. */
export interface ExplanationRow {
  prediction: PredictionRow;
  /** Place in the head's classes. */
  place: number;
}

/** A unit by its number, and where it is to be looked up what it detects. */
export interface UnitRefRow {
  layerId: number;
  unitIndex: number;
  /** Slug; null for that of the layer's newest dissection. */
  dataset: string | null;
}

export interface ContributionRow extends UnitRefRow {
  predictionId: number;
  weight: number;
  activation: number;
  value: number;
}

export interface ContributionDifferenceRow extends UnitRefRow {
  predictionId: number;
  activation: number;
  towards: number;
  against: number;
  value: number;
}

export interface WithoutUnitRow {
  unitIndex: number;
  /** In the head's order. */
  classes: { class: string; before: number; after: number; change: number }[];
}

export interface AblatedClassRow {
  ablationId: number;
  layerId: number;
  index: number;
  name: string;
  imageCount: number;
}

export interface AblatedUnitRow extends UnitRefRow {
  scoreDrop: number;
  accuracyDrop: number;
}

export interface DiscriminationPointRow {
  layer: LayerRow;
  headId: number;
  accuracy: number;
  uniqueDetectors: number;
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

/** A concept that units detect, over all models. */
export interface DetectedConceptRow {
  conceptId: number;
  detectors: number;
  models: number;
  meanIou: number;
  bestUnitId: number;
}

/** Counts at a threshold of IoU, and what they are counted of. */
export interface IouPointRow extends IouPoint {
  datasetId: number;
  rule: CountingRule;
  /** All that were asked for with it. */
  minIous: readonly number[];
}

export type StudyRow = Study;
export type StudyResultRow = StudyResult;

/** A unit's images, as a study shows them. */
export interface StudyPicturesRow {
  unitId: number;
  /** At most so many. */
  images: number;
}

/** Without its author, whom raters are not told. */
export interface StudyQuestionRow extends StudyPicturesRow {
  id: number;
  phrase: string;
}

export interface StudyTaskRow {
  study: StudyRow;
  done: number;
  left: number;
  question: StudyQuestionRow | null;
  describe: StudyPicturesRow | null;
}

export type SeriesConnectionRow = Connection<SeriesRow>;
export type DissectionConnectionRow = Connection<DissectionRow>;
export type ModelConnectionRow = Connection<ModelRow>;
export type DatasetConnectionRow = Connection<DatasetRow>;
export type ConceptConnectionRow = Connection<ConceptRow>;
export type UnitConnectionRow = Connection<UnitRow>;
export type JobConnectionRow = Connection<JobRow>;
export type ExperimentConnectionRow = Connection<ExperimentRow>;
export type PredictionConnectionRow = Connection<PredictionRow>;
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

/** What a global id stands for. */
export type NodeRow = { [T in RowType]: NodeRows[T] & { __typename: T } }[RowType] | (ExplanationRow & { __typename: 'Explanation' });
