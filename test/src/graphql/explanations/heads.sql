select "h"."id" as "id", "h"."layer_id" as "layerId", "h"."kind" as "kind", "h"."dataset_id" as "datasetId", "h"."parameters" as "parameters", "h"."created_at" as "createdAt", "l"."model_id" as "modelId" from "heads" as "h" inner join "layers" as "l" on "l"."id" = "h"."layer_id" where "l"."model_id" = ANY($…::int4[]) order by "h"."kind", "h"."id" desc limit $…;

select "l"."id" as "id", "l"."model_id" as "modelId", "l"."name" as "name", "l"."index" as "index", "l"."unit_count" as "unitCount", "l"."grid_height" as "gridHeight", "l"."grid_width" as "gridWidth", "l"."rf_height" as "rfHeight", "l"."rf_width" as "rfWidth", "l"."stride_y" as "strideY", "l"."stride_x" as "strideX", "l"."offset_y" as "offsetY", "l"."offset_x" as "offsetX" from "layers" as "l" where "l"."id" = ANY($…::int4[]);

select "m"."id" as "id", "m"."slug" as "slug", "m"."name" as "name", "m"."format" as "format", "m"."sha256" as "sha256", "m"."architecture" as "architecture", "m"."training_data" as "trainingData", "m"."supervision" as "supervision", "m"."task" as "task", coalesce("m"."input_shape", '{}') as "inputShape", "m"."accuracy" as "accuracy", "m"."series_id" as "seriesId", "m"."iteration" as "iteration", "m"."created_at" as "createdAt" from "models" as "m" where TRUE and TRUE order by "m"."slug" ASC limit $…;

select "n"."head_id" as "headId", array_agg(n.name ORDER BY n.index) as "names" from "head_classes" as "n" where "n"."head_id" = ANY($…::int4[]) group by "n"."head_id";

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where "s"."id" = ANY($…::int4[]);

select "v"."head_id" as "headId", "v"."dataset_id" as "datasetId", "v"."image_count" as "imageCount", "v"."accuracy", "v"."class_accuracies" as "classAccuracies" from "evaluations" as "v" inner join "datasets" as "s" on "s"."id" = "v"."dataset_id" where "v"."head_id" = ANY($…::int4[]) order by "s"."slug" limit $…;
