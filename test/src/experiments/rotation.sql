SELECT count(*)::int AS count FROM experiments e WHERE TRUE AND e.kind IN ($…)::"ExperimentKind" AND e.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug IN ($…));

SELECT d.id, d.layer_id AS "layerId", d.dataset_id AS "datasetId", d.tau, d.basis, d.basis_parameters AS "basisParameters", d.key, d.current, d.model_sha256 AS "modelSha256", d.dataset_sha256 AS "datasetSha256", d.engine, d.engine_version AS "engineVersion", d.provider, d.code_version AS "codeVersion", d.parameters, d.created_at AS "createdAt" FROM dissections d WHERE id = ANY($…::int[]);

SELECT e.id, e.kind, e.layer_id AS "layerId", e.dataset_id AS "datasetId", e.parameters, e.key, e.created_at AS "createdAt" FROM experiments e WHERE TRUE AND e.kind IN ($…)::"ExperimentKind" AND e.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug IN ($…)) AND TRUE ORDER BY e.created_at DESC,e.id DESC LIMIT $…;

SELECT l.id, l.model_id AS "modelId", l.name, l.index, l.unit_count AS "unitCount", l.grid_height AS "gridHeight", l.grid_width AS "gridWidth", l.rf_height AS "rfHeight", l.rf_width AS "rfWidth", l.stride_y AS "strideY", l.stride_x AS "strideX", l.offset_y AS "offsetY", l.offset_x AS "offsetX" FROM layers l WHERE id = ANY($…::int[]);

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE id = ANY($…::int[]);

SELECT u.dissection_id AS "dissectionId", u.category, count(DISTINCT u.label_id)::int AS "uniqueDetectors", count(*)::int AS detectors FROM units u WHERE u.dissection_id = ANY($…::int[]) AND u.iou > $…::float8 AND u.label_id IS NOT NULL GROUP BY u.dissection_id, u.category;

SELECT x.experiment_id AS "experimentId", d.id AS "dissectionId", coalesce((d.basis_parameters->>'alpha')::float8, 0) AS alpha, (d.basis_parameters->>'seed')::float8 AS seed FROM experiment_dissections x JOIN dissections d ON d.id = x.dissection_id JOIN experiments e ON e.id = x.experiment_id WHERE x.experiment_id = ANY($…::int[]) AND e.kind = 'ROTATION' ORDER BY x.experiment_id, alpha, seed;

WITH swept AS ( SELECT x.experiment_id, d.tau, u.id, u.label_id FROM experiment_dissections x JOIN experiments e ON e.id = x.experiment_id AND e.kind = 'TAU_SWEEP' JOIN dissections d ON d.id = x.dissection_id JOIN units u ON u.dissection_id = d.id AND u.index IN ($…) WHERE x.experiment_id = ANY($…::int[])), won AS (SELECT DISTINCT experiment_id, label_id FROM swept WHERE label_id IS NOT NULL) SELECT w.experiment_id AS "experimentId", w.label_id AS "conceptId", s.tau, v.iou FROM won w JOIN swept s ON s.experiment_id = w.experiment_id JOIN concepts c ON c.id = w.label_id LEFT JOIN unit_scores v ON v.unit_id = s.id AND v.concept_id = w.label_id ORDER BY w.experiment_id, c.index, s.tau;
