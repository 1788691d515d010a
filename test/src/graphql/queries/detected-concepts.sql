SELECT c.id AS "conceptId", n.detectors, n.models, n.mean_iou AS "meanIou", n.best_unit_id AS "bestUnitId" FROM concepts c JOIN ( SELECT u.label_id, count(*)::int AS detectors, count(DISTINCT d.model_id)::int AS models, avg(u.iou) AS mean_iou, max(u.iou) AS best, (array_agg(u.id ORDER BY u.iou DESC, u.id DESC))[1] AS best_unit_id FROM units u JOIN ( SELECT d.id, l.model_id FROM dissections d JOIN layers l ON l.id = d.layer_id JOIN models m ON m.id = l.model_id WHERE d.dataset_id IN ($…) AND d.current AND d.basis = 'IDENTITY' AND d.tau IN ($…)::float8 AND TRUE ) d ON d.id = u.dissection_id WHERE u.iou > $…::float8 GROUP BY u.label_id ) n ON n.label_id = c.id WHERE c.dataset_id IN ($…) ORDER BY detectors DESC, c.index LIMIT $…;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE id = ANY($…::int[]);

SELECT d.id, d.layer_id AS "layerId", d.dataset_id AS "datasetId", d.tau, d.basis, d.basis_parameters AS "basisParameters", d.key, d.current, d.model_sha256 AS "modelSha256", d.dataset_sha256 AS "datasetSha256", d.engine, d.engine_version AS "engineVersion", d.provider, d.code_version AS "codeVersion", d.parameters, d.created_at AS "createdAt" FROM dissections d WHERE id = ANY($…::int[]);

SELECT s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);

SELECT t.unit_id AS "unitId", t.rank, t.image_id AS "imageId", t.max_activation AS "maxActivation" FROM top_images t WHERE t.unit_id = ANY($…::int[]) AND t.rank <= $… ORDER BY t.unit_id, t.rank LIMIT $…;

SELECT u.id, u.dissection_id AS "dissectionId", u.index, u.threshold, u.silent, u.max_activation AS "maxActivation", u.label_id AS "labelId", u.iou, u.category FROM units u WHERE id = ANY($…::int[]);
