import type { Connection } from '../connections.ts';
import type { Resolvers } from '../generated/resolvers.ts';
import type { RowType } from '../nodes/node-types.ts';
import { fieldsOfNode } from '../nodes/to-one.ts';
import { AblatedClass, AblatedUnit, Ablation } from './ablation.ts';
import { accessQueries } from './access.ts';
import { ComparedLayer } from './comparison.ts';
import { ComparedGroup, Comparison } from './comparison-groups.ts';
import { Concept, ConceptImage } from './concept.ts';
import { Dataset, DatasetCategory } from './dataset.ts';
import { DiscriminationPoint } from './discrimination.ts';
import { ConceptDetectorCount, Dissection, IouPoint } from './dissection.ts';
import { Experiment, RotationPoint, RotationRun, TauCurve } from './experiment.ts';
import { explainMutation } from './explain.ts';
import { Contribution, ContributionDifference, Explanation, WithoutUnit } from './explanation.ts';
import { explanationQueries } from './explanation-queries.ts';
import { Evaluation, Head } from './head.ts';
import { FiringUnit, Image } from './image.ts';
import { Job, JobProgress } from './job.ts';
import { jobMutations } from './job-mutations.ts';
import { jobQueries } from './job-queries.ts';
import { Layer, ReceptiveField } from './layer.ts';
import { Model } from './model.ts';
import { Mutation } from './mutation.ts';
import { Node } from './node.ts';
import { Prediction } from './prediction.ts';
import { Query } from './query.ts';
import { scalars } from './scalars.ts';
import { Schedule, scheduleMutations, scheduleQueries } from './schedule.ts';
import { Checkpoint, FinalLabel, Series } from './series.ts';
import { DetectedConcept, storeQueries } from './store-queries.ts';
import { Study, StudyPictures, StudyQuestion, StudyResult, studyQueries } from './study.ts';
import { studyMutations } from './study-mutations.ts';
import { Subscription } from './subscription.ts';
import { TopImage, Unit, UnitConnection, UnitScore } from './unit.ts';
import { ComputedRelation, UnitChange, UnitChanges, Verdict } from './unit-changes.ts';

/** What nodes have beside their ids and relations, for which their table stands. */
const nodes: { readonly [Type in RowType]: NonNullable<Resolvers[Type]> } = {
  Model,
  Layer,
  Dataset,
  Concept,
  Image,
  Dissection,
  Unit,
  Series,
  Experiment,
  Job,
  Head,
  Prediction,
  Ablation,
};

type ConnectionName = keyof { [Name in keyof Resolvers as Name extends `${string}Connection` ? Name : never]: true };

const totalCount = (connection: Connection<unknown>) => connection.totalCount();

/** What all connections have that is no property of theirs. */
const connections: { readonly [Name in ConnectionName]-?: object } = {
  ConceptConnection: { totalCount },
  ConceptImageConnection: { totalCount },
  DatasetConnection: { totalCount },
  DissectionConnection: { totalCount },
  ExperimentConnection: { totalCount },
  JobConnection: { totalCount },
  ModelConnection: { totalCount },
  PredictionConnection: { totalCount },
  SeriesConnection: { totalCount },
  UnitConnection: { totalCount, ...UnitConnection },
};

/** A file per type; fields that are not named there are read from the row behind the type (rows.ts). */
export const resolvers: Resolvers = {
  ...scalars,
  ...connections,
  ...Object.fromEntries(Object.entries(nodes).map(([type, fields]) => [type, { ...fieldsOfNode(type as RowType), ...fields }])),
  Query: { ...Query, ...jobQueries, ...scheduleQueries, ...explanationQueries, ...storeQueries, ...accessQueries, ...studyQueries },
  Mutation: { ...Mutation, ...jobMutations, ...scheduleMutations, ...explainMutation, ...studyMutations },
  Subscription,
  JobProgress,
  Schedule,
  Node,
  ReceptiveField,
  DatasetCategory,
  UnitScore,
  TopImage,
  Checkpoint,
  ComparedLayer,
  Comparison,
  ComparedGroup,
  ConceptImage,
  ConceptDetectorCount,
  IouPoint,
  DetectedConcept,
  Study,
  StudyResult,
  StudyQuestion,
  StudyPictures,
  FiringUnit,
  FinalLabel,
  RotationPoint,
  RotationRun,
  TauCurve,
  UnitChanges,
  UnitChange,
  ComputedRelation,
  Verdict,
  Evaluation,
  Explanation,
  Contribution,
  ContributionDifference,
  WithoutUnit,
  AblatedClass,
  AblatedUnit,
  DiscriminationPoint,
};
