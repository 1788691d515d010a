SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."series"."id" FROM "public"."series" WHERE 1=1 OFFSET $…) AS "sub";

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE m.series_id = ANY($…::int[]) ORDER BY m.iteration, m.id LIMIT $…;

SELECT r.id, r.slug, r.name FROM series r WHERE TRUE ORDER BY r.slug ASC LIMIT $…;
