SELECT * FROM ( SELECT DISTINCT ON (h.layer_id) h.layer_id AS "layerId", h.id AS "headId", v.accuracy FROM evaluations v JOIN heads h ON h.id = v.head_id WHERE v.dataset_id IN ($…) AND h.kind IN ($…)::"HeadKind" ORDER BY h.layer_id, h.id DESC) e ORDER BY e.accuracy DESC, e."layerId" LIMIT $…;

SELECT DISTINCT ON (a.id) a.id AS "layerId", d.id AS "dissectionId" FROM layers a JOIN layers l ON l.model_id = a.model_id AND l.index = a.index AND l.unit_count = a.unit_count JOIN dissections d ON d.layer_id = l.id AND d.tau IN ($…)::float8 AND d.basis = 'IDENTITY' AND d.current AND d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug IN ($…)) WHERE a.id = ANY($…::int[]) ORDER BY a.id, d.created_at DESC, d.id DESC;

SELECT h.id, h.layer_id AS "layerId", h.kind, h.dataset_id AS "datasetId", h.parameters, h.key, h.created_at AS "createdAt" FROM heads h WHERE id = ANY($…::int[]);

SELECT l.id, l.model_id AS "modelId", l.name, l.index, l.unit_count AS "unitCount", l.grid_height AS "gridHeight", l.grid_width AS "gridWidth", l.rf_height AS "rfHeight", l.rf_width AS "rfWidth", l.stride_y AS "strideY", l.stride_x AS "strideX", l.offset_y AS "offsetY", l.offset_x AS "offsetX" FROM layers l WHERE id = ANY($…::int[]);

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE id = ANY($…::int[]);

SELECT n.dissection_id AS "dissectionId", n.category, count(DISTINCT n.concept_id)::int AS "uniqueDetectors", count(*)::int AS detectors FROM ( SELECT u.id AS unit_id, u.dissection_id, u.label_id AS concept_id, u.category, u.iou FROM units u WHERE u.dissection_id = ANY($…::int[]) AND u.label_id IS NOT NULL) n WHERE n.iou > $…::float8 GROUP BY n.dissection_id, n.category;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);
