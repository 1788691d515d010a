SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."datasets"."id" FROM "public"."datasets" WHERE 1=1 OFFSET $…) AS "sub";

select "c"."dataset_id" as "datasetId", "c"."category", count(*)::int as "count" from "concepts" as "c" where "c"."dataset_id" = ANY($…::int4[]) group by "c"."dataset_id", "c"."category";

select "c"."dataset_id" as "datasetId", count(*)::int as "count" from "concepts" as "c" where TRUE and "c"."dataset_id" = ANY($…::int4[]) group by "c"."dataset_id";

select "c"."id" as "id", "c"."dataset_id" as "datasetId", "c"."index" as "index", "c"."category" as "category", "c"."number" as "number", "c"."name" as "name", coalesce("c"."synonyms", '{}') as "synonyms", "c"."frequency" as "frequency", "c"."coverage" as "coverage" from unnest($…::int[]) as x(id) cross join lateral (select "c".* from "concepts" as "c" where "c"."dataset_id" = "x"."id" and TRUE and TRUE order by "c"."index" ASC limit $…) as "c" order by "c"."index" ASC limit $…;

select "g"."dataset_id" as "datasetId", "g"."category", "g"."index" from "dataset_categories" as "g" where "g"."dataset_id" = ANY($…::int4[]) order by "g"."index";

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where TRUE order by "s"."slug" ASC limit $…;
