import DataLoader from 'dataloader';
import { DissectoryError } from '../../../core/errors.ts';
import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { NodeRows, NodeType } from '../rows.ts';
import { selectRows } from '../sql/select-rows.ts';

export type NodeLoaders = { readonly [Type in NodeType]: DataLoader<number, NodeRows[Type]> };

/**
 * Every type of node by its row id: the target of all relations that point upwards, and of global ids. A row that is not there rejects
 * with NOT_FOUND: ids come from other rows, so it was deleted meanwhile.
 */
export const createNodeLoaders = (prisma: PrismaClient): NodeLoaders => {
  const loader = <Type extends NodeType>(type: Type) =>
    new DataLoader<number, NodeRows[Type]>(async (ids) => {
      const found = await selectRows(prisma, type, Prisma.sql`id = ANY(${ids}::int[])`);
      const rows = new Map(found.map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id) ?? new DissectoryError('NOT_FOUND', `This ${type} no longer exists.`));
    });
  return {
    Model: loader('Model'),
    Layer: loader('Layer'),
    Dataset: loader('Dataset'),
    Concept: loader('Concept'),
    Image: loader('Image'),
    Dissection: loader('Dissection'),
    Unit: loader('Unit'),
    Series: loader('Series'),
    Experiment: loader('Experiment'),
    Job: loader('Job'),
    Head: loader('Head'),
    Prediction: loader('Prediction'),
    Ablation: loader('Ablation'),
  };
};
