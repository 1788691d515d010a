select "m"."id" as "id", "m"."slug" as "slug", "m"."name" as "name", "m"."format" as "format", "m"."sha256" as "sha256", "m"."architecture" as "architecture", "m"."training_data" as "trainingData", "m"."supervision" as "supervision", "m"."task" as "task", coalesce("m"."input_shape", '{}') as "inputShape", "m"."accuracy" as "accuracy", "m"."series_id" as "seriesId", "m"."iteration" as "iteration", "m"."created_at" as "createdAt" from "models" as "m" where "m"."series_id" = ANY($…::int4[]) order by "m"."iteration", "m"."id" limit $…;

select "r"."id" as "id", "r"."slug" as "slug", "r"."name" as "name" from "series" as "r" where TRUE order by "r"."slug" ASC limit $…;

select count(*)::int as "count" from "series";
