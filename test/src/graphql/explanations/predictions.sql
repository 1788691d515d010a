select "f"."layer_id" as "layerId", "f"."image_id" as "imageId", "f"."sums", f.maps IS NOT NULL as "hasMaps" from "features" as "f" where ("f"."layer_id", "f"."image_id") IN (SELECT * FROM unnest($…::int[], $…::int[]));

select "h"."id" as "id", "h"."layer_id" as "layerId", "h"."kind" as "kind", "h"."dataset_id" as "datasetId", "h"."parameters" as "parameters", "h"."created_at" as "createdAt" from "heads" as "h" where "h"."id" = ANY($…::int4[]);

select "h"."id" as "id", "h"."layer_id" as "layerId", "h"."kind" as "kind", "h"."dataset_id" as "datasetId", "h"."parameters" as "parameters", "h"."created_at" as "createdAt", "l"."model_id" as "modelId" from "heads" as "h" inner join "layers" as "l" on "l"."id" = "h"."layer_id" where "l"."model_id" = ANY($…::int4[]) order by "h"."kind", "h"."id" desc limit $…;

select "l"."id" as "id", "l"."model_id" as "modelId", "l"."name" as "name", "l"."index" as "index", "l"."unit_count" as "unitCount", "l"."grid_height" as "gridHeight", "l"."grid_width" as "gridWidth", "l"."rf_height" as "rfHeight", "l"."rf_width" as "rfWidth", "l"."stride_y" as "strideY", "l"."stride_x" as "strideX", "l"."offset_y" as "offsetY", "l"."offset_x" as "offsetX" from "layers" as "l" where "l"."id" = ANY($…::int4[]);

select "m"."id" as "id", "m"."slug" as "slug", "m"."name" as "name", "m"."format" as "format", "m"."sha256" as "sha256", "m"."architecture" as "architecture", "m"."training_data" as "trainingData", "m"."supervision" as "supervision", "m"."task" as "task", coalesce("m"."input_shape", '{}') as "inputShape", "m"."accuracy" as "accuracy", "m"."series_id" as "seriesId", "m"."iteration" as "iteration", "m"."created_at" as "createdAt" from "models" as "m" where "m"."slug" = ANY($…::text[]);

select "n"."head_id" as "headId", "n"."index", "n"."weights", "n"."bias" from "head_classes" as "n" where ("n"."head_id", "n"."index") IN (SELECT * FROM unnest($…::int[], $…::int[]));

select "n"."head_id" as "headId", array_agg(n.name ORDER BY n.index) as "names" from "head_classes" as "n" where "n"."head_id" = ANY($…::int4[]) group by "n"."head_id";

select "p"."id" as "id", "p"."head_id" as "headId", "p"."image_id" as "imageId", "p"."predicted" as "predicted", "p"."score" as "score", "p"."true_class" as "trueClass", "p"."wrong" as "wrong", (SELECT json_build_object('id', "n0"."id", 'file', "n0"."file", 'datasetId', "n0"."dataset_id", 'index', "n0"."index", 'split', "n0"."split", 'height', "n0"."height", 'width', "n0"."width", 'maskHeight', "n0"."mask_height", 'maskWidth', "n0"."mask_width", 'classIndex', "n0"."class_index", 'dataset', (SELECT json_build_object('id', "n1"."id", 'kind', "n1"."kind", 'classes', coalesce("n1"."classes", '{}')) FROM "datasets" AS "n1" WHERE "n1"."id" = "n0"."dataset_id")) FROM "images" AS "n0" WHERE "n0"."id" = "p"."image_id") as "image", (SELECT json_build_object('id', "n0"."id", 'kind', "n0"."kind") FROM "heads" AS "n0" WHERE "n0"."id" = "p"."head_id") as "head" from "predictions" as "p" where EXISTS (SELECT FROM images i WHERE i.id = p.image_id AND i.dataset_id IN ($…)) AND p.head_id IN ($…) and TRUE order by "p"."id" ASC limit $…;

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where "s"."id" = ANY($…::int4[]);

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where "s"."slug" = ANY($…::text[]);

select count(*)::int as "count" from "predictions" as "p" where EXISTS (SELECT FROM images i WHERE i.id = p.image_id AND i.dataset_id IN ($…)) AND p.head_id IN ($…);
