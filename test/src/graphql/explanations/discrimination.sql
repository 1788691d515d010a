SELECT DISTINCT ON (a.id) a.id AS "layerId", d.id AS "dissectionId" FROM layers a JOIN layers l ON l.model_id = a.model_id AND l.index = a.index AND l.unit_count = a.unit_count JOIN dissections d ON d.layer_id = l.id AND d.tau IN ($…)::float8 AND d.basis = 'IDENTITY' AND d.current AND d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug IN ($…)) WHERE a.id = ANY($…::int[]) ORDER BY a.id, d.created_at DESC, d.id DESC;

SELECT n.dissection_id AS "dissectionId", n.category, count(DISTINCT n.concept_id)::int AS "uniqueDetectors", count(*)::int AS detectors FROM ( SELECT u.id AS unit_id, u.dissection_id, u.label_id AS concept_id, u.category, u.iou FROM units u WHERE u.dissection_id = ANY($…::int[]) AND u.label_id IS NOT NULL) n WHERE n.iou > $…::float8 GROUP BY n.dissection_id, n.category;

select "h"."id" as "id", "h"."layer_id" as "layerId", "h"."kind" as "kind", "h"."dataset_id" as "datasetId", "h"."parameters" as "parameters", "h"."created_at" as "createdAt" from "heads" as "h" where "h"."id" = ANY($…::int4[]);

select "l"."id" as "id", "l"."model_id" as "modelId", "l"."name" as "name", "l"."index" as "index", "l"."unit_count" as "unitCount", "l"."grid_height" as "gridHeight", "l"."grid_width" as "gridWidth", "l"."rf_height" as "rfHeight", "l"."rf_width" as "rfWidth", "l"."stride_y" as "strideY", "l"."stride_x" as "strideX", "l"."offset_y" as "offsetY", "l"."offset_x" as "offsetX" from "layers" as "l" where "l"."id" = ANY($…::int4[]);

select "m"."id" as "id", "m"."slug" as "slug", "m"."name" as "name", "m"."format" as "format", "m"."sha256" as "sha256", "m"."architecture" as "architecture", "m"."training_data" as "trainingData", "m"."supervision" as "supervision", "m"."task" as "task", coalesce("m"."input_shape", '{}') as "inputShape", "m"."accuracy" as "accuracy", "m"."series_id" as "seriesId", "m"."iteration" as "iteration", "m"."created_at" as "createdAt" from "models" as "m" where "m"."id" = ANY($…::int4[]);

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where "s"."slug" = ANY($…::text[]);

select * from (select distinct on ("h"."layer_id") "h"."layer_id" as "layerId", "h"."id" as "headId", "v"."accuracy" from "evaluations" as "v" inner join "heads" as "h" on "h"."id" = "v"."head_id" where "v"."dataset_id" IN ($…) and "h"."kind" IN ($…) order by "h"."layer_id", "h"."id" desc) as "e" order by "e"."accuracy" desc, "e"."layerId" limit $…;
