SELECT "public"."dataset_categories"."dataset_id", "public"."dataset_categories"."category"::text, "public"."dataset_categories"."index" FROM "public"."dataset_categories" WHERE "public"."dataset_categories"."dataset_id" IN ($…) ORDER BY "public"."dataset_categories"."index" ASC OFFSET $…;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE id = ANY($…::int[]);

SELECT d.id AS "dissectionId", t.min_iou AS "minIou", (SELECT count(*)::int FROM units u WHERE u.dissection_id = d.id AND u.label_id IS NOT NULL AND u.iou > t.min_iou) AS detectors, (SELECT count(DISTINCT s.label)::int FROM (SELECT u.dissection_id, u.label_id AS label, u.iou, u.category FROM units u WHERE u.label_id IS NOT NULL) s WHERE s.dissection_id = d.id AND s.iou > t.min_iou) AS "uniqueDetectors" FROM unnest($…::int[]) AS d(id) CROSS JOIN unnest($…::float8[]) WITH ORDINALITY AS t(min_iou, place) ORDER BY d.id, t.place;

SELECT d.id, d.layer_id AS "layerId", d.dataset_id AS "datasetId", d.tau, d.basis, d.basis_parameters AS "basisParameters", d.key, d.current, d.model_sha256 AS "modelSha256", d.dataset_sha256 AS "datasetSha256", d.engine, d.engine_version AS "engineVersion", d.provider, d.code_version AS "codeVersion", d.parameters, d.created_at AS "createdAt", x.experiment_id AS "experimentId" FROM experiment_dissections x JOIN dissections d ON d.id = x.dissection_id WHERE x.experiment_id = ANY($…::int[]) ORDER BY d.tau, coalesce((d.basis_parameters->>'alpha')::float8, 0), (d.basis_parameters->>'seed')::float8, d.id LIMIT $…;

SELECT e.id, e.kind, e.layer_id AS "layerId", e.dataset_id AS "datasetId", e.parameters, e.key, e.created_at AS "createdAt" FROM experiments e WHERE TRUE AND e.kind IN ($…)::"ExperimentKind" AND TRUE ORDER BY e.created_at DESC,e.id DESC LIMIT $…;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE id = ANY($…::int[]);

SELECT u.dissection_id AS "dissectionId", u.category, count(DISTINCT u.label_id)::int AS "uniqueDetectors", count(*)::int AS detectors FROM units u WHERE u.dissection_id = ANY($…::int[]) AND u.iou > $…::float8 AND u.label_id IS NOT NULL GROUP BY u.dissection_id, u.category;

SELECT u.dissection_id AS "dissectionId", u.category, count(DISTINCT u.label_id)::int AS "uniqueDetectors", count(*)::int AS detectors FROM units u WHERE u.dissection_id = ANY($…::int[]) AND u.iou > $…::float8 AND u.label_id IS NOT NULL GROUP BY u.dissection_id, u.category;

SELECT x.experiment_id AS "experimentId", d.id AS "dissectionId", coalesce((d.basis_parameters->>'alpha')::float8, 0) AS alpha, (d.basis_parameters->>'seed')::float8 AS seed FROM experiment_dissections x JOIN dissections d ON d.id = x.dissection_id JOIN experiments e ON e.id = x.experiment_id WHERE x.experiment_id = ANY($…::int[]) AND e.kind = 'ROTATION' ORDER BY x.experiment_id, alpha, seed;

WITH swept AS ( SELECT x.experiment_id, d.tau, u.id, u.label_id FROM experiment_dissections x JOIN experiments e ON e.id = x.experiment_id AND e.kind = 'TAU_SWEEP' JOIN dissections d ON d.id = x.dissection_id JOIN units u ON u.dissection_id = d.id AND u.index IN ($…) WHERE x.experiment_id = ANY($…::int[])), won AS (SELECT DISTINCT experiment_id, label_id FROM swept WHERE label_id IS NOT NULL) SELECT w.experiment_id AS "experimentId", w.label_id AS "conceptId", s.tau, v.iou FROM won w JOIN swept s ON s.experiment_id = w.experiment_id JOIN concepts c ON c.id = w.label_id LEFT JOIN unit_scores v ON v.unit_id = s.id AND v.concept_id = w.label_id ORDER BY w.experiment_id, c.index, s.tau;
