SELECT "public"."dataset_categories"."dataset_id", "public"."dataset_categories"."category"::text, "public"."dataset_categories"."index" FROM "public"."dataset_categories" WHERE "public"."dataset_categories"."dataset_id" IN ($…) ORDER BY "public"."dataset_categories"."index" ASC OFFSET $…;

SELECT d.id, d.layer_id AS "layerId", d.dataset_id AS "datasetId", d.tau, d.basis, d.basis_parameters AS "basisParameters", d.key, d.current, d.model_sha256 AS "modelSha256", d.dataset_sha256 AS "datasetSha256", d.engine, d.engine_version AS "engineVersion", d.provider, d.code_version AS "codeVersion", d.parameters, d.created_at AS "createdAt" FROM dissections d WHERE d.layer_id = ANY($…::int[]) AND d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug IN ($…)) AND d.tau IN ($…)::float8 AND d.basis = 'IDENTITY' AND d.current;

SELECT l.id, l.model_id AS "modelId", l.name, l.index, l.unit_count AS "unitCount", l.grid_height AS "gridHeight", l.grid_width AS "gridWidth", l.rf_height AS "rfHeight", l.rf_width AS "rfWidth", l.stride_y AS "strideY", l.stride_x AS "strideX", l.offset_y AS "offsetY", l.offset_x AS "offsetX" FROM layers l WHERE l.model_id = ANY($…::int[]) ORDER BY l.index, l.id LIMIT $…;

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE m.series_id = ANY($…::int[]) ORDER BY m.iteration, m.id LIMIT $…;

SELECT n.dissection_id AS "dissectionId", n.category, count(DISTINCT n.concept_id)::int AS "uniqueDetectors", count(*)::int AS detectors FROM ( SELECT u.id AS unit_id, u.dissection_id, u.label_id AS concept_id, u.category, u.iou FROM units u WHERE u.dissection_id = ANY($…::int[]) AND u.label_id IS NOT NULL) n WHERE n.iou > $…::float8 GROUP BY n.dissection_id, n.category;

SELECT r.id, r.slug, r.name FROM series r WHERE slug = ANY($…::text[]);
