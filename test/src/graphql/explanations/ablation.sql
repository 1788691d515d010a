SELECT DISTINCT ON (a.id) a.id AS "layerId", d.id AS "dissectionId" FROM layers a JOIN layers l ON l.model_id = a.model_id AND l.index = a.index AND l.unit_count = a.unit_count JOIN dissections d ON d.layer_id = l.id AND d.tau IN ($…)::float8 AND d.basis = 'IDENTITY' AND d.current AND TRUE WHERE a.id = ANY($…::int[]) ORDER BY a.id, d.created_at DESC, d.id DESC;

SELECT a.id, a.layer_id AS "layerId", a.head_id AS "headId", a.dataset_id AS "datasetId", a.method, a.image_count AS "imageCount", a.parameters, a.key, a.created_at AS "createdAt" FROM ablations a WHERE a.dataset_id IN ($…) AND a.layer_id IN (SELECT l.id FROM layers l WHERE l.model_id IN ($…) AND l.name IN ($…)) ORDER BY a.created_at DESC, a.id DESC LIMIT 1;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE id = ANY($…::int[]);

SELECT h.id, h.layer_id AS "layerId", h.kind, h.dataset_id AS "datasetId", h.parameters, h.key, h.created_at AS "createdAt" FROM heads h WHERE id = ANY($…::int[]);

SELECT k.key::int AS key, (u.place - 1)::int AS "unitIndex", u.score AS "scoreDrop", u.accuracy AS "accuracyDrop" FROM unnest($…::int[], $…::int[], $…::int[], $…::text[]) WITH ORDINALITY AS k(ablation, class, first, by, key) JOIN ablation_classes n ON n.ablation_id = k.ablation AND n.index = k.class CROSS JOIN LATERAL ( SELECT u.*, CASE k.by WHEN 'SCORE_DROP' THEN u.score ELSE u.accuracy END AS drop FROM unnest(n.score_drops, n.accuracy_drops) WITH ORDINALITY AS u(score, accuracy, place) ORDER BY drop DESC, u.place LIMIT k.first) u ORDER BY k.key, u.drop DESC, u.place LIMIT $…;

SELECT l.id, l.model_id AS "modelId", l.name, l.index, l.unit_count AS "unitCount", l.grid_height AS "gridHeight", l.grid_width AS "gridWidth", l.rf_height AS "rfHeight", l.rf_width AS "rfWidth", l.stride_y AS "strideY", l.stride_x AS "strideX", l.offset_y AS "offsetY", l.offset_x AS "offsetX" FROM layers l WHERE id = ANY($…::int[]);

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE slug = ANY($…::text[]);

SELECT n."ablationId", n.class, n."imageCount", n."scoreDrop", n."accuracyDrop" FROM unnest($…::int[]) AS a(id) CROSS JOIN LATERAL ( SELECT n.ablation_id AS "ablationId", n.name AS class, n.index, n.image_count AS "imageCount", n.score_drops[$…::int + 1] AS "scoreDrop", n.accuracy_drops[$…::int + 1] AS "accuracyDrop" FROM ablation_classes n WHERE n.ablation_id = a.id AND n.score_drops[$…::int + 1] IS NOT NULL ORDER BY "scoreDrop" DESC, n.index LIMIT $…) n ORDER BY n."ablationId", n."scoreDrop" DESC, n.index LIMIT $…;

SELECT n.ablation_id AS "ablationId", a.layer_id AS "layerId", n.index, n.name, n.image_count AS "imageCount" FROM ablation_classes n JOIN ablations a ON a.id = n.ablation_id WHERE n.ablation_id = ANY($…::int[]) ORDER BY n.index LIMIT $…;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE id = ANY($…::int[]);

SELECT s.id, s.slug, s.name, s.kind, s.path, s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);

SELECT u.id, u.dissection_id AS "dissectionId", u.index, u.threshold, u.silent, u.max_activation AS "maxActivation", u.label_id AS "labelId", u.iou, u.category FROM units u WHERE (u.dissection_id, u.index) IN (SELECT * FROM unnest($…::int[], $…::int[]));
