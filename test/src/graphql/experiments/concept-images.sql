select "c"."id" as "id", "c"."dataset_id" as "datasetId", "c"."index" as "index", "c"."category" as "category", "c"."number" as "number", "c"."name" as "name", coalesce("c"."synonyms", '{}') as "synonyms", "c"."frequency" as "frequency", "c"."coverage" as "coverage" from "concepts" as "c" where "c"."dataset_id" = ANY($…::int4[]) and "c"."name" IN ($…) order by "c"."index";

select "c"."id" as "id", "c"."dataset_id" as "datasetId", "c"."index" as "index", "c"."category" as "category", "c"."number" as "number", "c"."name" as "name", coalesce("c"."synonyms", '{}') as "synonyms", "c"."frequency" as "frequency", "c"."coverage" as "coverage" from "concepts" as "c" where "c"."id" = ANY($…::int4[]);

select "i"."id" as "id", "i"."dataset_id" as "datasetId", "i"."index" as "index", "i"."file" as "file", "i"."split" as "split", "i"."height" as "height", "i"."width" as "width", "i"."mask_height" as "maskHeight", "i"."mask_width" as "maskWidth", "i"."class_index" as "classIndex" from "images" as "i" where "i"."id" = ANY($…::int4[]);

select "o"."concept_id" as "conceptId", "o"."image_id" as "imageId", "o"."pixels", "o"."coverage" from "concept_images" as "o" inner join "concepts" as "c" on "c"."id" = "o"."concept_id" where "o"."image_id" = ANY($…::int4[]) order by "o"."image_id", "o"."coverage" desc, "c"."index" limit $…;

select "o"."concept_id" as "conceptId", "o"."image_id" as "imageId", "o"."pixels", "o"."coverage" from unnest($…::int[]) as x(id) cross join lateral (select "o".* from "concept_images" as "o" where "o"."concept_id" = "x"."id" and TRUE order by "o"."coverage" DESC, "o"."image_id" DESC limit $…) as "o" order by "o"."coverage" DESC, "o"."image_id" DESC limit $…;

select "o"."concept_id" as "id", count(*)::int as "count" from "concept_images" as "o" where "o"."concept_id" = ANY($…::int4[]) group by "o"."concept_id";

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where "s"."slug" = ANY($…::text[]);
