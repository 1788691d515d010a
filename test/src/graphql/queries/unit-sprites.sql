SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE id = ANY($…::int[]);

SELECT count(*)::int AS count FROM units u WHERE u.dissection_id = ANY(ARRAY(SELECT d.id FROM dissections d WHERE d.dataset_id IN ($…) AND d.current AND d.basis = 'IDENTITY' AND d.tau IN ($…)::float8)) AND u.label_id = ANY(ARRAY(SELECT c.id FROM concepts c WHERE c.dataset_id IN ($…) AND strpos(lower(c.name), lower($…)) > 0)) AND TRUE;

SELECT d.id, d.layer_id AS "layerId", d.dataset_id AS "datasetId", d.tau, d.basis, d.basis_parameters AS "basisParameters", d.key, d.current, d.model_sha256 AS "modelSha256", d.dataset_sha256 AS "datasetSha256", d.engine, d.engine_version AS "engineVersion", d.provider, d.code_version AS "codeVersion", d.parameters, d.created_at AS "createdAt" FROM dissections d WHERE id = ANY($…::int[]);

SELECT s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);

SELECT u.id, u.dissection_id AS "dissectionId", u.index, u.threshold, u.silent, u.max_activation AS "maxActivation", u.label_id AS "labelId", u.iou, u.category FROM (SELECT c.id FROM concepts c WHERE c.dataset_id IN ($…) AND strpos(lower(c.name), lower($…)) > 0) AS run CROSS JOIN LATERAL ( SELECT u.* FROM units u WHERE u.label_id = run.id AND u.dissection_id IN (SELECT d.id FROM dissections d WHERE d.dataset_id IN ($…) AND d.current AND d.basis = 'IDENTITY' AND d.tau IN ($…)::float8) AND TRUE AND TRUE ORDER BY u.iou DESC,u.id DESC LIMIT $…) u ORDER BY u.iou DESC,u.id DESC LIMIT $…;
