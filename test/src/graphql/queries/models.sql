select "m"."id" as "id", "m"."slug" as "slug", "m"."name" as "name", "m"."format" as "format", "m"."sha256" as "sha256", "m"."architecture" as "architecture", "m"."training_data" as "trainingData", "m"."supervision" as "supervision", "m"."task" as "task", coalesce("m"."input_shape", '{}') as "inputShape", "m"."accuracy" as "accuracy", "m"."series_id" as "seriesId", "m"."iteration" as "iteration", "m"."created_at" as "createdAt", (SELECT json_build_object('id', "n0"."id", 'slug', "n0"."slug") FROM "series" AS "n0" WHERE "n0"."id" = "m"."series_id") as "series" from "models" as "m" where TRUE and TRUE order by "m"."created_at" DESC, "m"."id" DESC limit $…;

select "m"."id", coalesce(m.classes, '{}') as "classes" from "models" as "m" where "m"."id" = ANY($…::int4[]);

select count(*)::int as "count" from "models" as "m" where TRUE;
