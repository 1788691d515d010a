select "c"."dataset_id" as "datasetId", count(*)::int as "count" from "concepts" as "c" where strpos(lower(c.name), lower($…)) > 0 and "c"."dataset_id" = ANY($…::int4[]) group by "c"."dataset_id";

select "c"."id" as "id", "c"."dataset_id" as "datasetId", "c"."index" as "index", "c"."category" as "category", "c"."number" as "number", "c"."name" as "name", coalesce("c"."synonyms", '{}') as "synonyms", "c"."frequency" as "frequency", "c"."coverage" as "coverage" from "concepts" as "c" where "c"."dataset_id" = ANY($…::int4[]) and "c"."name" IN ($…) and "c"."category" IN ($…) order by "c"."index";

select "c"."id" as "id", "c"."dataset_id" as "datasetId", "c"."index" as "index", "c"."category" as "category", "c"."number" as "number", "c"."name" as "name", coalesce("c"."synonyms", '{}') as "synonyms", "c"."frequency" as "frequency", "c"."coverage" as "coverage" from "concepts" as "c" where "c"."dataset_id" = ANY($…::int4[]) and "c"."name" IN ($…) order by "c"."index";

select "c"."id" as "id", "c"."dataset_id" as "datasetId", "c"."index" as "index", "c"."category" as "category", "c"."number" as "number", "c"."name" as "name", coalesce("c"."synonyms", '{}') as "synonyms", "c"."frequency" as "frequency", "c"."coverage" as "coverage" from "concepts" as "c" where "c"."dataset_id" = ANY($…::int4[]) and "c"."name" IN ($…) order by "c"."index";

select "c"."id" as "id", "c"."dataset_id" as "datasetId", "c"."index" as "index", "c"."category" as "category", "c"."number" as "number", "c"."name" as "name", coalesce("c"."synonyms", '{}') as "synonyms", "c"."frequency" as "frequency", "c"."coverage" as "coverage" from unnest($…::int[]) as x(id) cross join lateral (select "c".* from "concepts" as "c" where "c"."dataset_id" = "x"."id" and strpos(lower(c.name), lower($…)) > 0 and TRUE order by "c"."index" ASC limit $…) as "c" order by "c"."index" ASC limit $…;

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where "s"."id" = ANY($…::int4[]);

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where "s"."slug" = ANY($…::text[]);
