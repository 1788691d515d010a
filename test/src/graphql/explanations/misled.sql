SELECT DISTINCT ON (a.id) a.id AS "layerId", d.id AS "dissectionId" FROM layers a JOIN layers l ON l.model_id = a.model_id AND l.index = a.index AND l.unit_count = a.unit_count JOIN dissections d ON d.layer_id = l.id AND d.tau IN ($…)::float8 AND d.basis = 'IDENTITY' AND d.current AND TRUE WHERE a.id = ANY($…::int[]) ORDER BY a.id, d.created_at DESC, d.id DESC;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE id = ANY($…::int[]);

SELECT count(*)::int AS count FROM predictions p WHERE p.head_id IN ($…) AND EXISTS (SELECT FROM images i WHERE i.id = p.image_id AND i.dataset_id IN ($…)) AND p.wrong IN ($…) AND p.true_class = ANY($…::int[]) AND p.predicted = ANY($…::int[]);

SELECT f.layer_id AS "layerId", f.image_id AS "imageId", f.sums, f.maps IS NOT NULL AS "hasMaps" FROM features f WHERE (f.layer_id, f.image_id) IN (SELECT * FROM unnest($…::int[], $…::int[]));

SELECT h.id, h.layer_id AS "layerId", h.kind, h.dataset_id AS "datasetId", h.parameters, h.key, h.created_at AS "createdAt" FROM heads h WHERE id = ANY($…::int[]);

SELECT h.id, h.layer_id AS "layerId", h.kind, h.dataset_id AS "datasetId", h.parameters, h.key, h.created_at AS "createdAt", l.model_id AS "modelId" FROM heads h JOIN layers l ON l.id = h.layer_id WHERE l.model_id = ANY($…::int[]) ORDER BY h.kind, h.id DESC LIMIT $…;

SELECT l.id, l.model_id AS "modelId", l.name, l.index, l.unit_count AS "unitCount", l.grid_height AS "gridHeight", l.grid_width AS "gridWidth", l.rf_height AS "rfHeight", l.rf_width AS "rfWidth", l.stride_y AS "strideY", l.stride_x AS "strideX", l.offset_y AS "offsetY", l.offset_x AS "offsetX" FROM layers l WHERE id = ANY($…::int[]);

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE slug = ANY($…::text[]);

SELECT n.head_id AS "headId", array_agg(n.name ORDER BY n.index) AS names FROM head_classes n WHERE n.head_id = ANY($…::int[]) GROUP BY n.head_id;

SELECT n.head_id AS "headId", n.index, n.weights, n.bias FROM head_classes n WHERE (n.head_id, n.index) IN (SELECT * FROM unnest($…::int[], $…::int[]));

SELECT p.id, p.head_id AS "headId", p.image_id AS "imageId", p.predicted, p.score, p.true_class AS "trueClass", p.wrong FROM predictions p WHERE p.head_id IN ($…) AND EXISTS (SELECT FROM images i WHERE i.id = p.image_id AND i.dataset_id IN ($…)) AND p.wrong IN ($…) AND p.true_class = ANY($…::int[]) AND p.predicted = ANY($…::int[]) AND TRUE ORDER BY p.id ASC LIMIT $…;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);

SELECT u.id, u.dissection_id AS "dissectionId", u.index, u.threshold, u.silent, u.max_activation AS "maxActivation", u.label_id AS "labelId", u.iou, u.category FROM units u WHERE (u.dissection_id, u.index) IN (SELECT * FROM unnest($…::int[], $…::int[]));
