SELECT count(*)::int AS count FROM models m WHERE TRUE;

SELECT m.id, m.slug, m.name, m.format, m.path, m.sha256, m.architecture, m.training_data AS "trainingData", m.supervision, m.task, coalesce(m.input_shape, '{}') AS "inputShape", coalesce(m.mean, '{}') AS mean, coalesce(m.std, '{}') AS std, m.channels, m.resize, coalesce(m.tokens, '{}') AS tokens, coalesce(m.classes, '{}') AS classes, m.accuracy, m.series_id AS "seriesId", m.iteration, m.created_at AS "createdAt" FROM models m WHERE TRUE AND TRUE ORDER BY m.created_at DESC,m.id DESC LIMIT $…;

SELECT r.id, r.slug, r.name FROM series r WHERE id = ANY($…::int[]);
