SELECT c.dataset_id AS "datasetId", count(*)::int AS count FROM concepts c WHERE c.dataset_id = ANY($…::int[]) AND TRUE AND strpos(lower(c.name), lower($…)) > 0 GROUP BY c.dataset_id;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE c.dataset_id = ANY($…::int[]) AND c.name IN ($…) AND TRUE ORDER BY c.index;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE c.dataset_id = ANY($…::int[]) AND c.name IN ($…) AND TRUE ORDER BY c.index;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE c.dataset_id = ANY($…::int[]) AND c.name IN ($…) AND c.category IN ($…)::"Category" ORDER BY c.index;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM unnest($…::int[]) AS s(id) CROSS JOIN LATERAL ( SELECT c.* FROM concepts c WHERE c.dataset_id = s.id AND TRUE AND strpos(lower(c.name), lower($…)) > 0 AND TRUE ORDER BY c.index ASC LIMIT $…) c ORDER BY c.index ASC LIMIT $…;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE id = ANY($…::int[]);

SELECT s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);
