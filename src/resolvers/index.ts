import type { Resolvers } from '../generated/resolvers.ts';
import { ComparedLayer } from './comparison.ts';
import { Concept } from './concept.ts';
import { Dataset, DatasetCategory } from './dataset.ts';
import { Dissection } from './dissection.ts';
import { Image } from './image.ts';
import { Layer, ReceptiveField } from './layer.ts';
import { Model } from './model.ts';
import { Node } from './node.ts';
import { Query } from './query.ts';
import { scalars } from './scalars.ts';
import { Checkpoint, Series } from './series.ts';
import { TopImage, Unit, UnitScore } from './unit.ts';

/** A file per type; fields that are not named there are read from the row behind the type (rows.ts). */
export const resolvers: Resolvers = {
  ...scalars,
  Query,
  Node,
  Model,
  Layer,
  ReceptiveField,
  Dataset,
  DatasetCategory,
  Concept,
  Image,
  Dissection,
  Unit,
  UnitScore,
  TopImage,
  Series,
  Checkpoint,
  ComparedLayer,
};
