/** Whole rows in SQL, named and typed as Prisma reads them: at a fifth of the time of a findMany, and with one parameter for any number of ids. */
import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { NodeRows, NodeType } from '../rows.ts';

/** The columns of each table under the alias that `from` gives it. A list that is NULL is an empty one, as for Prisma. */
export const columns: Readonly<Record<NodeType, Prisma.Sql>> = {
  Model: Prisma.sql`
    m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task,
    coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std,
    m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt"`,
  Layer: Prisma.sql`
    l.id, l.model_id AS "modelId", l.name, l.index, l.unit_count AS "unitCount", l.grid_height AS "gridHeight", l.grid_width AS "gridWidth",
    l.rf_height AS "rfHeight", l.rf_width AS "rfWidth", l.stride_y AS "strideY", l.stride_x AS "strideX", l.offset_y AS "offsetY",
    l.offset_x AS "offsetX"`,
  Dataset: Prisma.sql`
    s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes,
    s.created_at AS "createdAt"`,
  Concept: Prisma.sql`
    c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage`,
  Image: Prisma.sql`
    i.id, i.dataset_id AS "datasetId", i.index, i.file, i.split, i.height, i.width, i.mask_height AS "maskHeight", i.mask_width AS "maskWidth",
    i.class_index AS "classIndex", i.sha256`,
  Dissection: Prisma.sql`
    d.id, d.layer_id AS "layerId", d.dataset_id AS "datasetId", d.tau, d.basis, d.basis_parameters AS "basisParameters", d.key, d.current,
    d.model_sha256 AS "modelSha256", d.dataset_sha256 AS "datasetSha256", d.engine, d.engine_version AS "engineVersion", d.provider,
    d.code_version AS "codeVersion", d.parameters, d.created_at AS "createdAt"`,
  Unit: Prisma.sql`
    u.id, u.dissection_id AS "dissectionId", u.index, u.threshold, u.silent, u.max_activation AS "maxActivation", u.label_id AS "labelId",
    u.iou, u.category`,
  Series: Prisma.sql`r.id, r.slug, r.name`,
  Head: Prisma.sql`h.id, h.layer_id AS "layerId", h.kind, h.dataset_id AS "datasetId", h.parameters, h.key, h.created_at AS "createdAt"`,
  Prediction: Prisma.sql`
    p.id, p.head_id AS "headId", p.image_id AS "imageId", p.predicted, p.score, p.true_class AS "trueClass", p.wrong`,
  Ablation: Prisma.sql`
    a.id, a.layer_id AS "layerId", a.head_id AS "headId", a.dataset_id AS "datasetId", a.method, a.image_count AS "imageCount", a.parameters,
    a.key, a.created_at AS "createdAt"`,
  Job: Prisma.sql`
    j.id, j.kind, j.state, j.payload, j.key, j.priority, j.delivery, j.attempts, j.worker, j.phase, j.images_done AS "imagesDone",
    j.image_count AS "imageCount", j.images_per_second AS "imagesPerSecond", j.error_code AS "errorCode", j.error_message AS "errorMessage",
    j.model_id AS "modelId", j.dataset_id AS "datasetId", j.experiment_id AS "experimentId", j.parent_id AS "parentId",
    j.created_at AS "createdAt", j.started_at AS "startedAt", j.finished_at AS "finishedAt"`,
  Experiment: Prisma.sql`
    e.id, e.kind, e.layer_id AS "layerId", e.dataset_id AS "datasetId", e.parameters, e.key, e.created_at AS "createdAt"`,
};

const from: Readonly<Record<NodeType, string>> = {
  Model: 'models m',
  Layer: 'layers l',
  Dataset: 'datasets s',
  Concept: 'concepts c',
  Image: 'images i',
  Dissection: 'dissections d',
  Unit: 'units u',
  Series: 'series r',
  Experiment: 'experiments e',
  Job: 'jobs j',
  Head: 'heads h',
  Prediction: 'predictions p',
  Ablation: 'ablations a',
};

/** The rows of a type for which the condition holds, which may go on with ORDER BY and LIMIT. */
export const selectRows = <Type extends NodeType>(prisma: PrismaClient, type: Type, condition: Prisma.Sql): Promise<NodeRows[Type][]> =>
  prisma.$queryRaw<NodeRows[Type][]>(Prisma.sql`SELECT ${columns[type]} FROM ${Prisma.raw(from[type])} WHERE ${condition}`);
