SELECT "public"."dataset_categories"."dataset_id", "public"."dataset_categories"."category"::text, "public"."dataset_categories"."index" FROM "public"."dataset_categories" WHERE "public"."dataset_categories"."dataset_id" IN ($…) ORDER BY "public"."dataset_categories"."index" ASC OFFSET $…;

SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."datasets"."id" FROM "public"."datasets" WHERE 1=1 OFFSET $…) AS "sub";

SELECT COUNT(*) AS "_count$_all", "public"."concepts"."dataset_id", "public"."concepts"."category"::text FROM "public"."concepts" WHERE "public"."concepts"."dataset_id" IN ($…) GROUP BY "public"."concepts"."dataset_id", "public"."concepts"."category" OFFSET $…;

SELECT c.dataset_id AS "datasetId", count(*)::int AS count FROM concepts c WHERE c.dataset_id = ANY($…::int[]) AND TRUE GROUP BY c.dataset_id;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM unnest($…::int[]) AS s(id) CROSS JOIN LATERAL ( SELECT c.* FROM concepts c WHERE c.dataset_id = s.id AND TRUE AND TRUE ORDER BY c.index ASC LIMIT $…) c ORDER BY c.index ASC LIMIT $…;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE TRUE ORDER BY s.slug ASC LIMIT $…;
