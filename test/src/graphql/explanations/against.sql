SELECT DISTINCT ON (a.id) a.id AS "layerId", d.id AS "dissectionId" FROM layers a JOIN layers l ON l.model_id = a.model_id AND l.index = a.index AND l.unit_count = a.unit_count JOIN dissections d ON d.layer_id = l.id AND d.tau IN ($…)::float8 AND d.basis = 'IDENTITY' AND d.current AND d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug IN ($…)) WHERE a.id = ANY($…::int[]) ORDER BY a.id, d.created_at DESC, d.id DESC;

select "f"."layer_id" as "layerId", "f"."image_id" as "imageId", "f"."sums", f.maps IS NOT NULL as "hasMaps" from "features" as "f" where ("f"."layer_id", "f"."image_id") IN (SELECT * FROM unnest($…::int[], $…::int[]));

select "h"."id" as "id", "h"."layer_id" as "layerId", "h"."kind" as "kind", "h"."dataset_id" as "datasetId", "h"."parameters" as "parameters", "h"."created_at" as "createdAt" from "heads" as "h" where "h"."id" = ANY($…::int4[]);

select "h"."id" as "id", "h"."layer_id" as "layerId", "h"."kind" as "kind", "h"."dataset_id" as "datasetId", "h"."parameters" as "parameters", "h"."created_at" as "createdAt", "l"."model_id" as "modelId" from "heads" as "h" inner join "layers" as "l" on "l"."id" = "h"."layer_id" where "l"."model_id" = ANY($…::int4[]) order by "h"."kind", "h"."id" desc limit $…;

select "l"."id" as "id", "l"."model_id" as "modelId", "l"."name" as "name", "l"."index" as "index", "l"."unit_count" as "unitCount", "l"."grid_height" as "gridHeight", "l"."grid_width" as "gridWidth", "l"."rf_height" as "rfHeight", "l"."rf_width" as "rfWidth", "l"."stride_y" as "strideY", "l"."stride_x" as "strideX", "l"."offset_y" as "offsetY", "l"."offset_x" as "offsetX" from "layers" as "l" where "l"."id" = ANY($…::int4[]);

select "m"."id" as "id", "m"."slug" as "slug", "m"."name" as "name", "m"."format" as "format", "m"."sha256" as "sha256", "m"."architecture" as "architecture", "m"."training_data" as "trainingData", "m"."supervision" as "supervision", "m"."task" as "task", coalesce("m"."input_shape", '{}') as "inputShape", "m"."accuracy" as "accuracy", "m"."series_id" as "seriesId", "m"."iteration" as "iteration", "m"."created_at" as "createdAt" from "models" as "m" where "m"."slug" = ANY($…::text[]);

select "n"."head_id" as "headId", "n"."index", "n"."weights", "n"."bias" from "head_classes" as "n" where ("n"."head_id", "n"."index") IN (SELECT * FROM unnest($…::int[], $…::int[]));

select "n"."head_id" as "headId", array_agg(n.name ORDER BY n.index) as "names" from "head_classes" as "n" where "n"."head_id" = ANY($…::int4[]) group by "n"."head_id";

select "p"."id" as "id", "p"."head_id" as "headId", "p"."image_id" as "imageId", "p"."predicted" as "predicted", "p"."score" as "score", "p"."true_class" as "trueClass", "p"."wrong" as "wrong" from "predictions" as "p" where "p"."head_id" = ANY($…::int4[]) and "p"."image_id" IN ($…);

select "u"."id" as "id", "u"."dissection_id" as "dissectionId", "u"."index" as "index", "u"."threshold" as "threshold", "u"."silent" as "silent", "u"."max_activation" as "maxActivation", "u"."label_id" as "labelId", "u"."iou" as "iou", "u"."category" as "category" from "units" as "u" where (u.dissection_id, u.index) IN (SELECT * FROM unnest($…::int[], $…::int[]));
