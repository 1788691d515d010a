SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE id = ANY($…::int[]);

SELECT d.id, d.layer_id AS "layerId", d.dataset_id AS "datasetId", d.tau, d.basis, d.basis_parameters AS "basisParameters", d.key, d.current, d.model_sha256 AS "modelSha256", d.dataset_sha256 AS "datasetSha256", d.engine, d.engine_version AS "engineVersion", d.provider, d.code_version AS "codeVersion", d.parameters, d.created_at AS "createdAt" FROM dissections d WHERE id = ANY($…::int[]);

SELECT i.id, i.dataset_id AS "datasetId", i.index, i.file, i.split, i.height, i.width, i.mask_height AS "maskHeight", i.mask_width AS "maskWidth", i.class_index AS "classIndex", i.sha256 FROM images i WHERE id = ANY($…::int[]);

SELECT l.id, l.model_id AS "modelId", l.name, l.index, l.unit_count AS "unitCount", l.grid_height AS "gridHeight", l.grid_width AS "gridWidth", l.rf_height AS "rfHeight", l.rf_width AS "rfWidth", l.stride_y AS "strideY", l.stride_x AS "strideX", l.offset_y AS "offsetY", l.offset_x AS "offsetX" FROM layers l WHERE id = ANY($…::int[]);

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE id = ANY($…::int[]);

SELECT s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);

SELECT t.unit_id AS "unitId", t.rank, t.image_id AS "imageId", t.max_activation AS "maxActivation" FROM top_images t WHERE t.unit_id = ANY($…::int[]) AND t.rank <= $… ORDER BY t.unit_id, t.rank LIMIT $…;

SELECT u.id, u.dissection_id AS "dissectionId", u.index, u.threshold, u.silent, u.max_activation AS "maxActivation", u.label_id AS "labelId", u.iou, u.category FROM (SELECT c.id FROM concepts c WHERE c.dataset_id IN ($…) AND c.name IN ($…)) AS run CROSS JOIN LATERAL ( SELECT u.* FROM units u WHERE u.label_id = run.id AND u.dissection_id IN (SELECT d.id FROM dissections d WHERE d.dataset_id IN ($…) AND d.current AND d.basis = 'IDENTITY' AND d.tau IN ($…)::float8) AND u.iou > $…::float8 AND TRUE ORDER BY u.iou DESC,u.id DESC LIMIT $…) u ORDER BY u.iou DESC,u.id DESC LIMIT $…;
