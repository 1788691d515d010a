SELECT h.id, h.layer_id AS "layerId", h.kind, h.dataset_id AS "datasetId", h.parameters, h.key, h.created_at AS "createdAt", l.model_id AS "modelId" FROM heads h JOIN layers l ON l.id = h.layer_id WHERE l.model_id = ANY($…::int[]) ORDER BY h.kind, h.id DESC LIMIT $…;

SELECT l.id, l.model_id AS "modelId", l.name, l.index, l.unit_count AS "unitCount", l.grid_height AS "gridHeight", l.grid_width AS "gridWidth", l.rf_height AS "rfHeight", l.rf_width AS "rfWidth", l.stride_y AS "strideY", l.stride_x AS "strideX", l.offset_y AS "offsetY", l.offset_x AS "offsetX" FROM layers l WHERE id = ANY($…::int[]);

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE TRUE AND TRUE ORDER BY m.slug ASC LIMIT $…;

SELECT n.head_id AS "headId", array_agg(n.name ORDER BY n.index) AS names FROM head_classes n WHERE n.head_id = ANY($…::int[]) GROUP BY n.head_id;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE id = ANY($…::int[]);

SELECT v.head_id AS "headId", v.dataset_id AS "datasetId", v.image_count AS "imageCount", v.accuracy, v.class_accuracies AS "classAccuracies" FROM evaluations v JOIN datasets s ON s.id = v.dataset_id WHERE v.head_id = ANY($…::int[]) ORDER BY s.slug LIMIT $…;
